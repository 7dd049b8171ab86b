import { isLedgerAway } from '../src';
import { testLedger } from './test-ledger';

describe('a ledger that this process has closed', () => {
  it('counts as away for whoever still asks, alone or within a transaction', async () => {
    const { ledger, close } = await testLedger();
    await ledger.database.ping();
    await close();
    const answers = await Promise.allSettled([
      ledger.builds.get('any'),
      ledger.database.transaction(async () => undefined),
    ]);
    expect(answers.map((answer) => answer.status === 'rejected' && isLedgerAway(answer.reason))).toEqual([
      true,
      true,
    ]);
  });
});
