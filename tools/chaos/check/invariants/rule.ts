import type { Break } from '../../lib/observed.ts';

/** A part of an invariant, as one query over the ledger and the tables of `loadEvidence`. */
export interface Rule {
  invariant: Break['invariant'];
  /** What must be so, as the beginning of a sentence that goes on with what is found instead. */
  holds: string;
  /** Selects what is otherwise: `build_id`, null where no build is concerned, and `found`, a text for a person. */
  breaks: string;
}
