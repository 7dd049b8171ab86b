import type { Scene } from './scene.ts';

/** A way to break the good scene, and what the check must say about it. */
export interface Seed {
  /** What no longer `holds`. */
  rule: string;
  /** A part of what is found instead. */
  found: string;
  buildId?: string;
  sow: (scene: Scene) => Promise<void> | void;
}

/** For a seed that is one statement. */
export function statement(text: string): Seed['sow'] {
  return (scene) => scene.sql(text);
}

/** For a seed that changes the rows of one build. */
export function changed(
  table: string,
  { buildId }: { buildId: string },
  set: string,
  and = 'true',
): Seed['sow'] {
  return statement(`update ${table} set ${set} where build_id = '${buildId}' and ${and}`);
}

/** For a seed that changes what an event of the outbox says, and not what was received. */
export function rewritten(id: string, from: string, to: string): Seed['sow'] {
  return statement(
    `update outbox set event = replace(event::text, '${from}', '${to}')::json where strpos(event::text, '"${id}"') > 0`,
  );
}
