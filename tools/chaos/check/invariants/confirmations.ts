import { TAKEN } from './cancels.ts';
import type { Rule } from './rule.ts';

/** I4: nothing is confirmed before it is stored, and nothing is left unconfirmed. */
export const CONFIRMATIONS: readonly Rule[] = [
  {
    invariant: 'I4',
    holds: 'a start that was confirmed is in the ledger',
    breaks: `select s.build_id, format('%s was confirmed by %s', s.event_id, s.door) as found from starts s
      where not exists (select from builds b
        where b.tenant = s.tenant and b.event_source = s.source and b.event_id = s.event_id)`,
  },
  {
    invariant: 'I4',
    holds: 'a cancel that was answered is in the ledger',
    breaks: `select c.build_id, 'the ledger has no such build' as found from cancels c
      where c.${TAKEN} and not exists (select from builds b where b.build_id = c.build_id)`,
  },
  {
    invariant: 'I4',
    holds: 'no queue holds messages',
    // Dead letters are kept on purpose.
    breaks: `select null as build_id, format('%s has %s', name, ready) as found
      from queues where ready > 0 and name not like '%-dlq'`,
  },
];
