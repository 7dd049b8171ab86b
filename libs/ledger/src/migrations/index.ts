import type { Migration } from 'kysely/migration';
import { builds } from './0001-builds';
import { machinery } from './0002-machinery';
import { rates } from './0003-rates';
import { storedContexts } from './0004-stored-contexts';

/** In code, so that a bundle carries them. Names are never changed and nothing is ever taken out. */
export const MIGRATIONS: Record<string, Migration> = {
  '0001-builds': builds,
  '0002-machinery': machinery,
  '0003-rates': rates,
  '0004-stored-contexts': storedContexts,
};
