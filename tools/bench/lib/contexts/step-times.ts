/** Observations by upper bound, in ascending order and cumulative as Prometheus has them, by name and labels. */
export type Histograms = Map<string, Map<number, number>>;

const BUCKET = /^(\w+)_bucket\{(.*)\} (\d+)$/;

/** The histograms of a scrape, by `name` or `name label="value"`. */
export function readHistograms(text: string): Histograms {
  const all: Histograms = new Map();
  for (const line of text.split('\n')) {
    const [, name, labels, count] = BUCKET.exec(line) ?? [];
    if (!name || labels === undefined) continue;
    const pairs = labels.split(',');
    const bound = /^le="(.*)"$/.exec(pairs.find((pair) => pair.startsWith('le='))!)![1]!;
    const key = [name, ...pairs.filter((pair) => !pair.startsWith('le='))].join(' ');
    const buckets = all.get(key) ?? new Map<number, number>();
    all.set(key, buckets.set(bound === '+Inf' ? Infinity : Number(bound), Number(count)));
  }
  return all;
}

/** What a histogram counted between two scrapes. */
export function between(before: Histograms, after: Histograms, key: string): Map<number, number> {
  const earlier = before.get(key);
  const later = after.get(key) ?? new Map<number, number>();
  return new Map([...later].map(([bound, count]) => [bound, count - (earlier?.get(bound) ?? 0)]));
}

/**
 * The bounds between which a quantile (0 to 1) lies; what a histogram knows of it. Undefined where nothing was observed.
 */
export function quantileWithin(
  buckets: Map<number, number>,
  quantile: number,
): { above: number; atMost: number } | undefined {
  const total = Math.max(0, ...buckets.values());
  if (total === 0) return undefined;
  let above = 0;
  for (const [bound, count] of buckets) {
    if (count >= quantile * total) return { above, atMost: bound };
    above = bound;
  }
  return undefined;
}
