import { join } from 'node:path';

/** What Slipway's own facts carry as source; no client's event may. */
export const FACT_SOURCE = 'network.notifi.builder';
export const SOURCE_PREFIX = 'network.notifi.';
export const TYPE_PREFIX = 'network.notifi.lambda.';
/** Start events by type: what is recorded under their ids is a build. */
export const START_TYPES: readonly string[] = [`${TYPE_PREFIX}build.start`, `${TYPE_PREFIX}rebuild.start`];

/** The folders below STATE_DIR that the invariants speak of. */
export function foldersOf(stateDir: string): {
  jobs: string;
  images: string;
  services: string;
  contexts: string;
} {
  return {
    jobs: join(stateDir, 'jobs'),
    images: join(stateDir, 'images'),
    services: join(stateDir, 'services'),
    // The file store keeps buckets, and this one has the store's own name.
    contexts: join(stateDir, 'contexts', 'contexts'),
  };
}
