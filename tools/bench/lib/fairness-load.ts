import type { Message } from './servers.ts';
import { buildStart, inlineSource } from './start-events.ts';

export const SMALL = ['small-1', 'small-2', 'small-3', 'small-4'];
export const LARGE = 'large';
/** Builds that the large tenant sends over time for each one that a tenant sends at once. */
export const STREAM_PER_BUILD = 50;
/** One in as many of them is of new content. */
const NEW_EVERY = 20;

const UNCHANGED = 'unchanged';

/** The build's event id is `{series}/{kind}/{name}`. Functions are not deployed: the measurement is of the queue for slots. */
function start(series: string, kind: 'new' | 'unchanged', tenant: string, name: string): Message {
  const said = kind === 'new' ? `${series} ${name}` : UNCHANGED;
  const source = inlineSource(`module.exports = async () => ({ said: ${JSON.stringify(said)} });\n`);
  return buildStart(
    `${series}/${kind}/${name}`,
    { tenant, parser: name },
    { source, stop_after: 'artifact' },
  );
}

/** The build of what the large tenant sends unchanged later. */
export const FIRST = start('first', 'unchanged', LARGE, 'once');

/** As many new contents of each tenant, the tenants in turn. */
export function burst(series: string, tenants: readonly string[], count: number): Message[] {
  const numbers = Array.from({ length: count }, (_, number) => number);
  return numbers.flatMap((number) =>
    tenants.map((tenant) => start(series, 'new', tenant, `burst-${number}`)),
  );
}

/** What the large tenant sends over time. */
export function streamed(series: string, number: number): Message {
  const kind = number % NEW_EVERY === 0 ? 'new' : 'unchanged';
  return start(series, kind, LARGE, `stream-${number}`);
}
