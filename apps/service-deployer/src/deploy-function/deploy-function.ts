import type { EventNaming } from '@slipway/contracts';
import { canonicalJson } from '@slipway/contracts';
import {
  reach,
  revisionNameOf,
  triggersOf,
  type Cause,
  type ServiceRunner,
  type ServiceSpec,
} from '@slipway/domain';
import {
  LeaseLost,
  effectiveOptions,
  type Again,
  type AppliedState,
  type DueStep,
  type FunctionRow,
  type LeasedWork,
  type Ledger,
} from '@slipway/ledger';
import { inSpan } from '@slipway/service-kit';

export interface DeployFunctionPorts {
  ledger: Ledger;
  runner: ServiceRunner;
  naming: EventNaming;
  onDeployed: (status: 'ready' | 'failed' | 'deleted') => void;
}

/** Whether the newest wish is that the function be gone. */
function isDeleted(row: FunctionRow): boolean {
  return row.deleted_sequence > row.code_sequence;
}

/**
 * Due work `deploy`, one worker at a time per function: makes the platform match the function's row. Only what the ledger
 * recorded as verified is ever deployed, and by its digest.
 */
export class DeployFunction implements DueStep {
  readonly kind = 'deploy';
  readonly concurrency = 4;
  readonly maxTries = 8;

  /** The row that each running or failed try has read. */
  private readonly tried = new Map<string, FunctionRow>();

  constructor(private readonly ports: DeployFunctionPorts) {}

  async run(work: LeasedWork): Promise<Again | void> {
    const row = await this.row(work);
    this.remember(work, row);
    if (!row || row.applied_version >= row.wish_version)
      return this.ports.ledger.deployments.nothingToDo(work);
    const correlationId = await this.correlationOf(row);
    if (isDeleted(row)) return this.remove(work, row, correlationId);
    if (!row.code_artifact) return this.ports.ledger.deployments.nothingToDo(work);
    const state = await inSpan('deploy function', undefined, {}, () =>
      this.ports.runner.apply(this.specOf(row)),
    );
    reach('deploy.after-apply-before-record');
    await this.record(work, row, { status: 'ready', state, correlationId });
    this.tried.delete(work.key);
    this.ports.onDeployed('ready');
  }

  private row(work: LeasedWork): Promise<FunctionRow | undefined> {
    const [tenant, parser] = work.key.split('/') as [string, string];
    return this.ports.ledger.deployments.read(tenant, parser);
  }

  private async correlationOf(row: FunctionRow): Promise<string> {
    const build = row.code_build_id ? await this.ports.ledger.builds.get(row.code_build_id) : undefined;
    return build?.correlation_id ?? row.service;
  }

  private async remove(work: LeasedWork, row: FunctionRow, correlationId: string): Promise<void> {
    await this.ports.runner.remove(row.service);
    await this.record(work, row, { status: 'deleted', correlationId });
    this.tried.delete(work.key);
    this.ports.onDeployed('deleted');
  }

  private async record(work: LeasedWork, row: FunctionRow, applied: AppliedState): Promise<void> {
    try {
      await this.ports.ledger.deployments.applied(work, row, applied);
    } catch (error) {
      // Another worker has the function by now, and what it applied may have been undone by what this one did later.
      if (error instanceof LeaseLost) await this.ports.ledger.deployments.applyAgain(row.tenant, row.parser);
      throw error;
    }
  }

  private specOf(row: FunctionRow): ServiceSpec {
    const artifact = row.code_artifact!;
    const options = effectiveOptions(row);
    const triggers = triggersOf({ tenant: row.tenant, parser: row.parser }, options, {
      prefix: this.ports.naming.typePrefix,
      sourcePrefix: this.ports.naming.sourcePrefix,
    });
    return {
      service: row.service,
      revision: revisionNameOf(row.service, artifact.digest, canonicalJson({ options, triggers })),
      tenant: row.tenant,
      parser: row.parser,
      sequence: row.wish_version,
      artifact,
      options,
      triggers,
    };
  }

  /** Fails the wish that was tried, not one that came while it failed. What shall be gone is never given up. */
  async exhausted(work: LeasedWork, cause: Cause): Promise<void> {
    const row = this.tried.get(work.key) ?? (await this.row(work));
    if (!row) return this.ports.ledger.deployments.nothingToDo(work);
    if (isDeleted(row)) return this.ports.ledger.due.failed(work, cause);
    const correlationId = await this.correlationOf(row);
    await this.ports.ledger.deployments.applied(work, row, { status: 'failed', cause, correlationId });
    this.tried.delete(work.key);
    this.ports.onDeployed('failed');
  }

  private remember(work: LeasedWork, row: FunctionRow | undefined): void {
    if (row) this.tried.set(work.key, row);
    else this.tried.delete(work.key);
  }
}
