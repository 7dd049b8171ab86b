import { deploymentOf } from '../src';
import { claimed, runningBuild, succeeded } from './given';
import { testLedger, type TestLedger } from './test-ledger';

describe("a function's row", () => {
  let given: TestLedger;
  beforeEach(async () => {
    given = await testLedger();
  });
  afterEach(() => given.close());

  const ids = { tenant: 'acme', parser: 'greet' };
  const inbox = (id: string) => ({ queue: 'q', tenant: 'acme', source: 's', id });
  const read = async () => (await given.ledger.deployments.read('acme', 'greet'))!;

  it('keeps the code of the newest build when two finish in reverse order', async () => {
    const older = await runningBuild(given.ledger, 'older');
    const newer = await runningBuild(given.ledger, 'newer');
    await succeeded(given.ledger, newer, 'sha256:new');
    const late = await succeeded(given.ledger, older, 'sha256:old');
    const row = await read();
    expect(row.code_artifact?.digest).toBe('sha256:new');
    expect(deploymentOf(late!, row).status).toBe('superseded');
  });

  it('keeps options that an update set while a build ran, and takes the others from the build', async () => {
    const of = await runningBuild(given.ledger, 'opts', {
      request: { deploy: { concurrency: 3, max_scale: 2 } },
    });
    await given.ledger.deployments.wishOptions(inbox('1'), ids, { concurrency: 7 });
    await succeeded(given.ledger, of);
    const row = await read();
    expect(row.options.concurrency?.value).toBe(7);
    expect(row.options.max_scale?.value).toBe(2);
  });

  it('does not bring a deleted function back by a build that was accepted before the delete', async () => {
    const of = await runningBuild(given.ledger, 'deleted');
    await given.ledger.deployments.wishDelete(inbox('1'), ids);
    const late = await succeeded(given.ledger, of);
    const row = await read();
    expect(row.code_artifact).toBeNull();
    expect(deploymentOf(late!, row).status).toBe('deleted');
  });

  it('counts a wish once however often its message comes', async () => {
    await runningBuild(given.ledger, 'dup');
    expect(await given.ledger.deployments.wishOptions(inbox('1'), ids, { concurrency: 1 })).toBe('recorded');
    expect(await given.ledger.deployments.wishOptions(inbox('1'), ids, { concurrency: 2 })).toBe('duplicate');
    expect((await read()).options.concurrency?.value).toBe(1);
  });

  it('says unknown for a function that never was', async () => {
    const verdict = await given.ledger.deployments.wishDelete(inbox('1'), {
      tenant: 'acme',
      parser: 'nobody',
    });
    expect(verdict).toBe('unknown');
  });

  it('stays due when a newer wish came while the older one was applied', async () => {
    await succeeded(given.ledger, await runningBuild(given.ledger, 'one'));
    const work = await claimed(given.ledger, 'deploy', 'acme/greet');
    const row = await read();
    await given.ledger.deployments.wishOptions(inbox('1'), ids, { concurrency: 9 });
    const state = { status: 'ready' as const, revision: 'r1', sequence: 1, url: 'http://x' };
    await given.ledger.deployments.applied(work, row, { status: 'ready', state, correlationId: 'c' });
    expect((await given.ledger.due.claim('deploy', 1)).map((item) => item.key)).toEqual(['acme/greet']);
  });
});
