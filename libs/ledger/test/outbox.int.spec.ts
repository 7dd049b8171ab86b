import { sql } from 'kysely';
import { startEvent } from './given';
import { testLedger, type TestLedger } from './test-ledger';

describe('a row of the outbox that could not be published', () => {
  let given: TestLedger;
  beforeEach(async () => {
    given = await testLedger();
  });
  afterEach(() => given.close());

  /** Seconds until it is tried again, after each of so many failures. */
  async function pauses(times: number, blame: 'row' | 'way'): Promise<number[]> {
    const { ledger } = given;
    await ledger.publish([
      { exchange: 'e', routingKey: 'k', partitionKey: 'p', mandatory: false, event: startEvent() },
    ]);
    const seen: number[] = [];
    for (let n = 0; n < times; n += 1) {
      const { rows } = await sql<{ id: number }>`select id from outbox`.execute(ledger.database.kysely);
      await ledger.outbox.failed(rows[0]!.id, 'it broke', blame);
      const after = await sql<{ seconds: number }>`select
        round(extract(epoch from due_at - clock_timestamp()))::int as seconds from outbox`.execute(
        ledger.database.kysely,
      );
      seen.push(after.rows[0]!.seconds);
    }
    return seen;
  }

  it('waits up to a minute where it is to blame itself', async () => {
    expect(await pauses(8, 'row')).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('waits a quarter of that at most where the way to the broker is to blame', async () => {
    expect(await pauses(6, 'way')).toEqual([1, 2, 4, 8, 15, 15]);
  });
});
