import { freshDatabase, type FreshDatabase } from '@slipway/testing';
import { sql } from 'kysely';
import { Ledger } from '../src';

const NOTHING = async (): Promise<void> => undefined;

describe('the schema of the ledger', () => {
  let database: FreshDatabase;
  let ledgers: Ledger[];
  const open = (): Ledger => {
    const ledger = new Ledger({ url: database.url });
    ledgers.push(ledger);
    return ledger;
  };
  beforeEach(async () => {
    database = await freshDatabase('empty', NOTHING);
    ledgers = [];
  });
  afterEach(async () => {
    await Promise.all(ledgers.map((ledger) => ledger.database.close()));
    await database.drop();
  });

  it('is made once by several processes that start together', async () => {
    await Promise.all([1, 2, 3, 4].map(() => open().database.migrate()));
    const { rows } = await sql<{ count: number }>`select count(*) as count from builds`.execute(
      ledgers[0]!.database.kysely,
    );
    expect(rows).toEqual([{ count: 0 }]);
  });

  it('may be that of a newer version, beside which an older one starts again', async () => {
    const { database: older } = open();
    await older.migrate();
    await sql`insert into kysely_migration (name, timestamp) values ('9999-newer', '2030-01-01')`.execute(
      older.kysely,
    );
    await expect(older.migrate()).resolves.toBeUndefined();
  });

  it('may take longer to change than any other statement', async () => {
    const { database: impatient } = new Ledger({ url: database.url, statementTimeoutMs: 1 });
    await expect(impatient.migrate()).resolves.toBeUndefined();
    await impatient.close();
  });
});
