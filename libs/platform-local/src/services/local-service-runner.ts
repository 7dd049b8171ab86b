import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ServiceRunner, isSlipwayError, type ServiceSpec, type ServiceState } from '@slipway/domain';
import { underLock } from '../files/exclusive-lock';
import { readJson, writeJson } from '../files/json-file';
import { removeTree } from '../files/remove-tree';
import { GatewayClient } from './gateway-client';
import {
  changeHint,
  currentFile,
  revisionFile,
  serviceFolder,
  type CurrentRecord,
  type RevisionRecord,
} from './service-record';

export interface LocalServiceRunnerOptions {
  root: string;
  /** Where functions are called: a service's address is `{gatewayUrl}/{service}`. */
  gatewayUrl: string;
}

/** Services as folders that the gateway reads. What serves is changed only after the gateway has tried the new one. */
export class LocalServiceRunner extends ServiceRunner {
  private readonly gateway: GatewayClient;

  constructor(private readonly options: LocalServiceRunnerOptions) {
    super();
    this.gateway = new GatewayClient(options.root);
  }

  async apply(spec: ServiceSpec): Promise<ServiceState> {
    const before = await this.current(spec.service);
    if (before !== undefined && before.sequence > spec.sequence) return stateOf(before);
    await mkdir(serviceFolder(this.options.root, spec.service), { recursive: true, mode: 0o711 });
    await writeJson(revisionFile(this.options.root, spec.service, spec.revision), revisionOf(spec));
    if (before?.revision !== spec.revision) await this.gateway.trial(spec.service, spec.revision);
    return this.switchTo(spec);
  }

  async remove(service: string): Promise<void> {
    await removeTree(serviceFolder(this.options.root, service));
    try {
      await this.gateway.removed(service);
    } catch (error) {
      // A gateway that is away has nothing running; one that is there sees by itself that the folder is gone.
      if (!isSlipwayError(error) || error.code !== 'unavailable') throw error;
    }
  }

  async status(service: string): Promise<ServiceState | undefined> {
    const current = await this.current(service);
    return current && stateOf(current);
  }

  /** A trial takes seconds, in which a newer wish may have come to serve: it stays. */
  private switchTo(spec: ServiceSpec): Promise<ServiceState> {
    const { root, gatewayUrl } = this.options;
    return underLock(join(serviceFolder(root, spec.service), 'current.lock'), async () => {
      const current = await this.current(spec.service);
      if (current !== undefined && current.sequence > spec.sequence) return stateOf(current);
      const next = { revision: spec.revision, sequence: spec.sequence, url: `${gatewayUrl}/${spec.service}` };
      await writeJson(currentFile(root, spec.service), next satisfies CurrentRecord);
      await writeFile(changeHint(root), spec.service);
      return stateOf(next);
    });
  }

  private current(service: string): Promise<CurrentRecord | undefined> {
    return readJson(currentFile(this.options.root, service));
  }
}

function revisionOf(spec: ServiceSpec): RevisionRecord {
  const { service, revision, tenant, parser, artifact, options, triggers } = spec;
  return { service, revision, tenant, parser, digest: artifact.digest, options, triggers };
}

function stateOf(current: CurrentRecord): ServiceState {
  return { status: 'ready', ...current };
}
