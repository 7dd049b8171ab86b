/** The value below or at which `percent` of the values lie (nearest rank). The list must not be empty. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1]!;
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/**
 * The median of the ratios to a baseline that was measured in the same round. What else the machine did in a round
 * meets both alike, and goes out of its ratio. Both lists have one value per round.
 */
export function medianRatio(values: readonly number[], baseline: readonly number[]): number {
  return median(values.map((value, round) => value / baseline[round]!));
}

/** What a straight line through the values, which are one apart, rises from one to the next (least squares). */
export function slope(values: readonly number[]): number {
  const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const places = values.map((_, place) => place);
  const [middle, height] = [mean(places), mean(values)];
  const rise = values.reduce((sum, value, place) => sum + (place - middle) * (value - height), 0);
  return rise / places.reduce((sum, place) => sum + (place - middle) ** 2, 0);
}
