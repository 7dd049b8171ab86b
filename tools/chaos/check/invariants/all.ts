import { ATTEMPTS } from './attempts.ts';
import { CANCELS } from './cancels.ts';
import { CONFIRMATIONS } from './confirmations.ts';
import { EFFECTS } from './effects.ts';
import { FUNCTIONS } from './functions.ts';
import { LEFT_OVERS } from './left-overs.ts';
import type { Rule } from './rule.ts';
import { SECRETS } from './secrets.ts';
import { STARTS } from './starts.ts';
import { TENANTS } from './tenants.ts';
import { VERSIONS } from './versions.ts';

/** The ten invariants, I1 to I10. */
export const INVARIANTS: readonly Rule[] = [
  ...STARTS,
  ...ATTEMPTS,
  ...FUNCTIONS,
  ...CONFIRMATIONS,
  ...EFFECTS,
  ...CANCELS,
  ...LEFT_OVERS,
  ...VERSIONS,
  ...SECRETS,
  ...TENANTS,
];
