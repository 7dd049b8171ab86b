import { OrderSetting } from './order-setting';
import { testLedger, type TestLedger } from '../../../libs/ledger/test/test-ledger';

describe('a wish that comes while another one is being applied', () => {
  let given: TestLedger;
  let setting: OrderSetting;

  beforeEach(async () => {
    given = await testLedger();
    setting = new OrderSetting(given.ledger);
  });
  afterEach(() => given.close());

  it('is applied next where it is newer code', async () => {
    const [one, two] = [await setting.build('one'), await setting.build('two')];
    await setting.succeed(one);
    setting.duringNextApply(() => setting.succeed(two));
    await setting.deploy();
    expect(setting.applied).toEqual(['one', 'two']);
    expect([await setting.deploymentOf(one), await setting.deploymentOf(two)]).toEqual([
      'superseded',
      'ready',
    ]);
  });

  it('leaves the code as it is where it is older code', async () => {
    const [one, two] = [await setting.build('one', { max_scale: 1 }), await setting.build('two')];
    await setting.succeed(two);
    setting.duringNextApply(() => setting.succeed(one));
    await setting.deploy();
    expect(await setting.served()).toEqual({ content: 'two', options: { max_scale: 1 } });
    expect(setting.applied).not.toContain('one');
  });

  it('is applied next where it is an option', async () => {
    await setting.succeed(await setting.build('one', { max_scale: 1 }));
    setting.duringNextApply(() => setting.update({ max_scale: 2 }));
    await setting.deploy();
    expect(await setting.served()).toEqual({ content: 'one', options: { max_scale: 2 } });
  });

  it('takes the function away where it is a delete, and what then ends late does not bring it back', async () => {
    const [one, two] = [await setting.build('one'), await setting.build('two')];
    await setting.succeed(one);
    setting.duringNextApply(async () => {
      await setting.delete();
      await setting.succeed(two);
    });
    await setting.deploy();
    expect(await setting.served()).toBeUndefined();
    expect(setting.applied).toEqual(['one']);
    expect([await setting.deploymentOf(one), await setting.deploymentOf(two)]).toEqual([
      'deleted',
      'deleted',
    ]);
  });
});
