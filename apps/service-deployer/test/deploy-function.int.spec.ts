import { DEFAULT_NAMING } from '@slipway/contracts';
import type { Cause } from '@slipway/domain';
import { MemoryServiceRunner } from '@slipway/testing';
import { sql } from 'kysely';
import { DeployFunction } from '../src/deploy-function/deploy-function';
import { testLedger, type TestLedger } from '../../../libs/ledger/test/test-ledger';

describe('deploying a function', () => {
  let given: TestLedger;
  let runner: MemoryServiceRunner;
  let deploy: DeployFunction;

  beforeEach(async () => {
    given = await testLedger();
    runner = new MemoryServiceRunner();
    deploy = new DeployFunction({
      ledger: given.ledger,
      runner,
      naming: DEFAULT_NAMING,
      onDeployed: () => undefined,
    });
  });
  afterEach(() => given.close());

  /** Writes a function's row as a success leaves it behind. */
  async function wish(sequence: number, digest: string): Promise<void> {
    const artifact = JSON.stringify({ kind: 'image', uri: 'r/i:t', digest });
    await sql`insert into functions (tenant, parser, service, counter, code_sequence, code_build_id, code_artifact, wish_sequence, wish_version)
      values ('acme', 'greet', 'lambda-acme-greet', ${sequence}, ${sequence}, 'build-x', ${artifact}::jsonb, ${sequence}, 1)
      on conflict (tenant, parser) do update set counter = excluded.counter, code_sequence = excluded.code_sequence,
        code_artifact = excluded.code_artifact, wish_sequence = greatest(functions.wish_sequence, excluded.wish_sequence),
        wish_version = functions.wish_version + 1`.execute(given.ledger.database.kysely);
    await given.ledger.due.ensure('deploy', 'acme/greet', 'acme');
  }

  async function work(): Promise<void> {
    const [claimed] = await given.ledger.due.claim('deploy', 1);
    await deploy.run(claimed!);
  }

  const row = async () => (await given.ledger.deployments.read('acme', 'greet'))!;

  it('applies what the ledger recorded, by digest, and says where it serves', async () => {
    await wish(1, 'sha256:1');
    await work();
    expect(runner.applied).toMatchObject([{ artifact: { digest: 'sha256:1' }, sequence: 1, tenant: 'acme' }]);
    expect(await row()).toMatchObject({
      applied_status: 'ready',
      applied_version: 1,
      url: 'http://lambda-acme-greet.localhost',
    });
  });

  it('gives another digest another revision, and the same digest the same', async () => {
    await wish(1, 'sha256:1');
    await work();
    await wish(2, 'sha256:2');
    await work();
    await wish(3, 'sha256:1');
    await work();
    const [first, second, third] = runner.applied.map((spec) => spec.revision);
    expect(second).not.toBe(first);
    expect(third).toBe(first);
  });

  it('records a failure with its cause and keeps the address of the version that serves', async () => {
    await wish(1, 'sha256:1');
    await work();
    await wish(2, 'sha256:2');
    const [claimed] = await given.ledger.due.claim('deploy', 1);
    const cause: Cause = {
      code: 'function_crashed',
      message: 'm',
      hint: 'h',
      retryable: false,
      log_line: 'boom',
    };
    await deploy.exhausted(claimed!, cause);
    expect(await row()).toMatchObject({
      applied_status: 'failed',
      applied_cause: { log_line: 'boom' },
      url: 'http://lambda-acme-greet.localhost',
    });
    const { rows } = await sql<{
      type: string;
    }>`select event ->> 'type' as type from outbox order by id`.execute(given.ledger.database.kysely);
    expect(rows.map(({ type }) => type.split('lambda.')[1])).toEqual(['service.ready', 'service.failed']);
  });

  it('takes a deleted function away', async () => {
    await wish(1, 'sha256:1');
    await work();
    await given.ledger.deployments.wishDelete(
      { queue: 'q', tenant: 'acme', source: 's', id: '1' },
      { tenant: 'acme', parser: 'greet' },
    );
    await work();
    expect(await runner.status('lambda-acme-greet')).toBeUndefined();
    expect(await row()).toMatchObject({ applied_status: 'deleted', url: null });
  });

  it('deploys a build that ended after an update with a higher sequence was applied', async () => {
    await wish(1, 'sha256:1');
    await work();
    const inbox = { queue: 'q', tenant: 'acme', source: 's', id: '1' };
    await given.ledger.deployments.wishOptions(
      inbox,
      { tenant: 'acme', parser: 'greet' },
      { concurrency: 3 },
    );
    await work();
    // Accepted before the update, so its sequence is the lower one.
    await wish(1, 'sha256:2');
    await work();
    expect(runner.applied.at(-1)).toMatchObject({
      artifact: { digest: 'sha256:2' },
      options: { concurrency: 3 },
    });
  });

  it('does not call a newer wish failed for the failure of the one before it', async () => {
    await wish(1, 'sha256:1');
    const [claimed] = await given.ledger.due.claim('deploy', 1);
    runner.failNext('function_crashed');
    await expect(deploy.run(claimed!)).rejects.toMatchObject({ code: 'function_crashed' });
    await wish(2, 'sha256:2');
    const cause: Cause = { code: 'function_crashed', message: 'm', hint: 'h', retryable: false };
    await deploy.exhausted(claimed!, cause);
    await work();
    expect(await row()).toMatchObject({ applied_status: 'ready', applied_digest: 'sha256:2' });
  });

  it('never gives up taking a function away', async () => {
    await wish(1, 'sha256:1');
    await work();
    await given.ledger.deployments.wishDelete(
      { queue: 'q', tenant: 'acme', source: 's', id: '1' },
      { tenant: 'acme', parser: 'greet' },
    );
    const [claimed] = await given.ledger.due.claim('deploy', 1);
    await deploy.exhausted(claimed!, { code: 'unavailable', message: 'm', hint: 'h', retryable: true });
    expect((await row()).applied_status).toBe('ready');
    await sql`update due_work set due_at = clock_timestamp()`.execute(given.ledger.database.kysely);
    await work();
    expect((await row()).applied_status).toBe('deleted');
  });

  it('does nothing for a wish that is already fulfilled', async () => {
    await wish(1, 'sha256:1');
    await work();
    await given.ledger.due.ensure('deploy', 'acme/greet', 'acme');
    await work();
    expect(runner.applied).toHaveLength(1);
  });
});
