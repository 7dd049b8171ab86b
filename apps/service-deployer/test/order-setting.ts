import { DEFAULT_NAMING, type DeployData } from '@slipway/contracts';
import { serviceNameOf, type DeployOptions } from '@slipway/domain';
import { deploymentOf, type BuildRow, type Ledger } from '@slipway/ledger';
import { MemoryServiceRunner } from '@slipway/testing';
import { DeployFunction } from '../src/deploy-function/deploy-function';

const IDS = { tenant: 'acme', parser: 'greet' };
const SERVICE = serviceNameOf(IDS.tenant, IDS.parser);
const LIMITS = { platform: 'local', total: 100, perTenant: 100, imageRepository: 'r/i' };
const CONTEXT = { store: 'file' as const, key: 'k', size: 1, sha256: 'a'.repeat(64) };
const CAUSE = { code: 'build_command' as const, message: 'm', hint: 'h', retryable: false };

/** One function, the wishes for it, and a deployer that carries them out. Contents are named by a word each. */
export class OrderSetting {
  readonly runner = new MemoryServiceRunner();
  private readonly deployer: DeployFunction;
  private serial = 0;

  constructor(readonly ledger: Ledger) {
    const { runner } = this;
    this.deployer = new DeployFunction({
      ledger,
      runner,
      naming: DEFAULT_NAMING,
      onDeployed: () => undefined,
    });
  }

  private key(): { queue: string; tenant: string; source: string; id: string } {
    this.serial += 1;
    return { queue: 'q', tenant: IDS.tenant, source: 's', id: `event-${this.serial}` };
  }

  private async accept(content: string, deploy: DeployData): Promise<BuildRow> {
    const { source, id } = this.key();
    const { build } = await this.ledger.acceptBuild({
      event: { id, source, type: 't', specversion: '1.0', extensions: {} },
      ...IDS,
      request: { deploy },
      source: { kind: 'inline', files: { 'a.js': content } },
      platform: 'local',
      builder: 'host',
      lenient: false,
      correlationId: 'c',
      actor: 'spec',
    });
    return build;
  }

  /** A build of new content whose Job runs. */
  async build(content: string, deploy: DeployData = {}): Promise<string> {
    const build = await this.accept(content, deploy);
    const [work] = await this.ledger.due.claim('prepare', 1);
    await this.ledger.contexts.refer(build, content, CONTEXT);
    const prepared = { identity: content, runtime: 'nodejs24', context: CONTEXT, imageUri: 'r/i:t' };
    await this.ledger.preparation.queue(work!, build, prepared);
    await this.ledger.slots.claim(LIMITS);
    return build.build_id;
  }

  /** A build of content that was built before: it ends at once. */
  async buildAgain(content: string): Promise<string> {
    const build = await this.accept(content, {});
    const [work] = await this.ledger.due.claim('prepare', 1);
    const built = await this.ledger.preparation.builtBefore(content);
    await this.ledger.preparation.reuse(work!, build, built!, 'nodejs24');
    return build.build_id;
  }

  /** The Job of the build ends well, and is verified. */
  async succeed(buildId: string): Promise<void> {
    const of = (await this.ledger.attempts.byJob(buildId))!;
    const digest = `sha256:${of.attempt.identity}`;
    await this.ledger.attempts.endSeen(of.attempt, { status: 'success', digest });
    const [work] = await this.ledger.due.claim('verify', 1);
    await this.ledger.attempts.succeed(work!, of, { kind: 'image', uri: of.attempt.image_uri, digest });
  }

  async fail(buildId: string): Promise<void> {
    const of = (await this.ledger.attempts.byJob(buildId))!;
    await this.ledger.attempts.endSeen(of.attempt, { status: 'failed', cause: CAUSE });
    const [work] = await this.ledger.due.claim('verify', 1);
    await this.ledger.attempts.fail(work!, of, CAUSE, 1);
  }

  async cancel(buildId: string): Promise<void> {
    await this.ledger.cancelBuild(buildId, { actor: 'spec' });
  }

  async update(deploy: DeployData): Promise<void> {
    await this.ledger.deployments.wishOptions(this.key(), IDS, deploy);
  }

  async delete(): Promise<void> {
    await this.ledger.deployments.wishDelete(this.key(), IDS);
  }

  /** Makes the platform match the function's row, as often as there is something to do. */
  async deploy(): Promise<void> {
    for (;;) {
      const [work] = await this.ledger.due.claim('deploy', 1);
      if (!work) return;
      await this.deployer.run(work);
    }
  }

  /** Has something happen while the next version is being applied. */
  duringNextApply(act: () => Promise<void>): void {
    const { runner } = this;
    const { apply } = runner;
    runner.apply = async (spec) => {
      runner.apply = apply;
      await act();
      return apply.call(runner, spec);
    };
  }

  /** Contents in the order in which they were applied. */
  get applied(): string[] {
    return this.runner.applied.map(({ artifact }) => artifact.digest.replace('sha256:', ''));
  }

  /** What the platform serves; undefined where it serves nothing. */
  async served(): Promise<{ content: string; options: DeployOptions } | undefined> {
    if (!(await this.runner.status(SERVICE))) return undefined;
    return { content: this.applied.at(-1)!, options: this.runner.applied.at(-1)!.options };
  }

  async deploymentOf(buildId: string): Promise<string> {
    const row = await this.ledger.deployments.read(IDS.tenant, IDS.parser);
    return deploymentOf(await this.ledger.builds.mustGet(buildId), row).status;
  }
}
