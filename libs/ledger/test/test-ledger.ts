import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { freshDatabase } from '@slipway/testing';
import { Ledger } from '../src';

const MIGRATIONS = join(__dirname, '../src/migrations');

function schemaVersion(): string {
  return readdirSync(MIGRATIONS)
    .sort()
    .map((file) => readFileSync(join(MIGRATIONS, file), 'utf8'))
    .join('\n');
}

async function migrate(url: string): Promise<void> {
  const ledger = new Ledger({ url });
  await ledger.database.migrate();
  await ledger.database.close();
}

export interface TestLedger {
  ledger: Ledger;
  url: string;
  close(): Promise<void>;
}

/** A ledger on a real PostgreSQL, empty, for one spec file. */
export async function testLedger(): Promise<TestLedger> {
  const database = await freshDatabase(schemaVersion(), migrate);
  const ledger = new Ledger({ url: database.url });
  await ledger.notifications.start();
  return {
    ledger,
    url: database.url,
    close: async () => {
      await ledger.close();
      await database.drop();
    },
  };
}
