import { createReadStream } from 'node:fs';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';

/** The part of `.slipway/plan.json` that says which wrapper a build needs. */
export interface PlannedRuntime {
  family: string;
  version: string;
}

const PLAN = '.slipway/plan.json';
const MAX_PLAN_BYTES = 64 * 1024;
/** A context is far smaller; what unpacks to more is no context. */
const MAX_BYTES = 2 * 1024 ** 3;

/** Reads the plan out of a context archive, without unpacking it. Undefined where there is none that makes sense. */
export async function plannedRuntime(archive: string): Promise<PlannedRuntime | undefined> {
  const tar = extract();
  const gunzip = createGunzip();
  const source = createReadStream(archive);
  const fail = (error: Error): void => void tar.destroy(error);
  source.on('error', fail).pipe(gunzip).on('error', fail).pipe(tar);
  let seen = 0;
  try {
    for await (const entry of tar) {
      const { name, size = 0 } = entry.header;
      seen += size;
      if (seen > MAX_BYTES) return undefined;
      if (name.replace(/^\.\//, '') === PLAN)
        return size > MAX_PLAN_BYTES ? undefined : parsePlan(await text(entry));
      entry.resume();
    }
    return undefined;
  } finally {
    source.destroy();
    gunzip.destroy();
    tar.destroy();
  }
}

function parsePlan(json: string): PlannedRuntime | undefined {
  const plan: unknown = JSON.parse(json);
  const runtime = field(plan, 'runtime');
  const family = field(runtime, 'family') ?? field(plan, 'family');
  const version = field(runtime, 'version') ?? field(plan, 'version');
  // Both become parts of paths further on.
  if (typeof family !== 'string' || !/^[a-z]{1,20}$/.test(family)) return undefined;
  if (typeof version !== 'string' || !/^[0-9]+(\.[0-9]+)*$/.test(version)) return undefined;
  return { family, version };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
