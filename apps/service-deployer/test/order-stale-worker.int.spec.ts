import { sql } from 'kysely';
import { OrderSetting } from './order-setting';
import { testLedger, type TestLedger } from '../../../libs/ledger/test/test-ledger';

describe('a deployer that slept through its lease', () => {
  let given: TestLedger;
  let setting: OrderSetting;

  beforeEach(async () => {
    given = await testLedger();
    setting = new OrderSetting(given.ledger);
  });
  afterEach(() => given.close());

  const expire = () =>
    sql`update due_work set lease_until = clock_timestamp() - interval '1 second'`.execute(
      given.ledger.database.kysely,
    );

  it('does not bring back what another one has taken away meanwhile', async () => {
    await setting.succeed(await setting.build('one'));
    setting.duringNextApply(async () => {
      await setting.delete();
      await expire();
      await setting.deploy();
    });
    await setting.deploy().catch((error: Error) => expect(error.name).toBe('LeaseLost'));
    await setting.deploy();
    expect(await setting.served()).toBeUndefined();
  });
});
