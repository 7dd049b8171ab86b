import type { ContextEntry } from '@slipway/domain';
import type { BuildRow } from '@slipway/ledger';
import type { ContextPlanner } from './planner';

/**
 * Gives a single file without an extension its name: the entrypoint, else the runtime's default. Uploaded parsers are
 * stored under their id alone (first requirement document), and inline `code` has no name at all.
 */
export function namedSource(
  build: Pick<BuildRow, 'request'>,
  entries: readonly ContextEntry[],
  planner: ContextPlanner,
): ContextEntry[] {
  const [only] = entries;
  if (entries.length !== 1 || !only || /\.[A-Za-z0-9]+$/.test(only.path)) return [...entries];
  const name = build.request.entrypoint ?? planner.defaultFileName(build.request.runtime, only);
  return [{ ...only, path: name }];
}
