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

describe('the shards of the outbox', () => {
  let given: TestLedger;
  beforeEach(async () => {
    given = await testLedger();
  });
  afterEach(() => given.close());

  /** Messages for so many functions that each shard has some. */
  function everywhere(): Promise<void> {
    const messages = Array.from({ length: 200 }, (_, n) => ({
      exchange: 'e',
      routingKey: 'k',
      partitionKey: `tenant/function-${n}`,
      mandatory: false,
      event: startEvent(),
    }));
    return given.ledger.publish(messages);
  }

  it('are all served in turn, though the first ones always have more', async () => {
    const { outbox } = given.ledger;
    const served = new Set<number>();
    for (let turn = 0; turn < 4; turn += 1) {
      await everywhere();
      const leases = await outbox.claim();
      const rows = await outbox.next(leases, 64);
      expect(rows.length).toBeGreaterThan(0);
      await outbox.done(
        leases,
        rows.map((row) => row.id),
      );
      leases.forEach(({ shard }) => served.add(shard));
    }
    expect(served.size).toBe(16);
  });

  it('give nothing to whoever has lost them', async () => {
    const { outbox, database } = given.ledger;
    await everywhere();
    const slow = await outbox.claim();
    await sql`update outbox_shards set lease_until = clock_timestamp() - interval '1 second'`.execute(
      database.kysely,
    );
    for (let others = 0; others < 4; others += 1) await outbox.claim();
    expect(await outbox.next(slow, 64)).toEqual([]);
    // Nor does it let go of what others hold by now.
    await outbox.done(slow, []);
    expect(await outbox.claim()).toEqual([]);
  });
});
