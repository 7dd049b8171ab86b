import { OrderSetting } from './order-setting';
import { testLedger, type TestLedger } from '../../../libs/ledger/test/test-ledger';

/** Orders in which three builds, numbered as they were accepted, may end. */
const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/** Ends of a build that are no wish for its function. */
const WITHOUT_CODE = [
  ['was cancelled', 'cancel'],
  ['failed', 'fail'],
] as const;

describe('wishes for a function whose builds end in another order', () => {
  let given: TestLedger;
  let setting: OrderSetting;

  beforeEach(async () => {
    given = await testLedger();
    setting = new OrderSetting(given.ledger);
  });
  afterEach(() => given.close());

  async function endIn(order: readonly number[], builds: readonly string[]): Promise<void> {
    for (const index of order) {
      await setting.succeed(builds[index]!);
      await setting.deploy();
    }
  }

  const deployments = (builds: readonly string[]) =>
    Promise.all(builds.map((build) => setting.deploymentOf(build)));

  it.each(ORDERS)(
    'in the order %i, %i, %i: the newest code serves, each option as its newest wish has it',
    async (...order) => {
      const builds = [await setting.build('one', { concurrency: 1, max_scale: 1, timeout_seconds: 1 })];
      await setting.update({ max_scale: 5, timeout_seconds: null, concurrency: 9 });
      builds.push(await setting.build('two', { concurrency: 2, min_scale: 2 }));
      await setting.update({ min_scale: 1 });
      builds.push(await setting.build('three'));
      await endIn(order, builds);
      expect(await setting.served()).toEqual({
        content: 'three',
        options: { concurrency: 2, max_scale: 5, min_scale: 1 },
      });
      expect(await deployments(builds)).toEqual(['superseded', 'superseded', 'ready']);
      // What served never became older.
      const age = ['one', 'two', 'three'];
      const ages = setting.applied.map((content) => age.indexOf(content));
      expect(ages).toEqual(ages.toSorted());
    },
  );

  it.each(ORDERS)(
    'in the order %i, %i, %i: what was asked for before a delete stays void',
    async (...order) => {
      const builds = [
        await setting.build('one', { concurrency: 1 }),
        await setting.build('two', { max_scale: 2 }),
      ];
      await setting.update({ timeout_seconds: 7 });
      await setting.delete();
      builds.push(await setting.build('three', { min_scale: 1 }));
      await endIn(order, builds);
      expect(await setting.served()).toEqual({ content: 'three', options: { min_scale: 1 } });
      expect(await deployments(builds)).toEqual(['deleted', 'deleted', 'ready']);
      expect(new Set(setting.applied)).toEqual(new Set(['three']));
    },
  );

  it.each([
    [0, 1],
    [1, 0],
  ])('in the order %i, %i: a deleted function stays deleted', async (...order) => {
    const first = await setting.build('first');
    await setting.succeed(first);
    await setting.deploy();
    const builds = [await setting.build('one'), await setting.build('two')];
    await setting.delete();
    await setting.update({ max_scale: 2 });
    await endIn(order, builds);
    expect(await setting.served()).toBeUndefined();
    expect(await deployments([first, ...builds])).toEqual(['deleted', 'deleted', 'deleted']);
    expect(setting.applied).toEqual(['first']);
  });

  it('keeps to the earlier content that was asked for again when a build from in between ends late', async () => {
    const first = await setting.build('one');
    await endIn([0], [first]);
    const between = await setting.build('two', { max_scale: 2 });
    const again = await setting.buildAgain('one');
    await setting.deploy();
    await endIn([0], [between]);
    expect(await setting.served()).toEqual({ content: 'one', options: { max_scale: 2 } });
    expect(await deployments([first, between, again])).toEqual(['superseded', 'superseded', 'ready']);
  });

  it.each(WITHOUT_CODE)('takes nothing from a newer build that %s', async (_end, end) => {
    const older = await setting.build('one', { max_scale: 1 });
    const newer = await setting.build('two', { max_scale: 2, concurrency: 2 });
    await setting[end](newer);
    await setting.deploy();
    expect(await setting.served()).toBeUndefined();
    await endIn([0], [older]);
    expect(await setting.served()).toEqual({ content: 'one', options: { max_scale: 1 } });
    expect(await deployments([older, newer])).toEqual(['ready', 'none']);
  });

  it.each(WITHOUT_CODE)('leaves what serves alone for a build that %s', async (_end, end) => {
    await endIn([0], [await setting.build('one', { max_scale: 1 })]);
    await setting[end](await setting.build('two', { max_scale: 2 }));
    await setting.deploy();
    expect(await setting.served()).toEqual({ content: 'one', options: { max_scale: 1 } });
    expect(setting.applied).toEqual(['one']);
  });
});
