import { APP_NAMES, type AppName } from '../../bootstrap/ports.ts';
import { replicaPort, type ChaosSystem } from '../system/chaos-system.ts';
import { Front } from './front.ts';

export interface Version {
  name: 'old' | 'new';
  /** Where its bundles lie. */
  bundles: string;
}

/** Which port of an app each version has; the first is the front's. */
const REPLICA = { old: 1, new: 2 };
/** Those that clients speak to. */
const DOORS: readonly AppName[] = ['api', 'ingest', 'gateway'];
/** The gateway of the local platform owns the function processes, so there is never a second one beside it. */
const IN_TURN = APP_NAMES.filter((app) => app !== 'gateway');

/** Moves a system from one version to another, one app after the other, behind addresses that stay. */
export class Rollout {
  private readonly system: ChaosSystem;
  private readonly fronts: ReadonlyMap<AppName, Front>;
  private readonly ended: string[] = [];

  static async open(system: ChaosSystem): Promise<Rollout> {
    const { ports } = system.scratch.context;
    const fronts = new Map<AppName, Front>();
    for (const app of DOORS) fronts.set(app, await Front.listen(ports.apps[app]));
    return new Rollout(system, fronts);
  }

  private constructor(system: ChaosSystem, fronts: ReadonlyMap<AppName, Front>) {
    this.system = system;
    this.fronts = fronts;
  }

  /** Sentences about processes that ended although nobody had asked them to, of those that are no part of the system any more. */
  get crashes(): string[] {
    return this.ended;
  }

  async startAll(version: Version): Promise<void> {
    for (const app of APP_NAMES) await this.start(app, version);
  }

  /** Starts every app of `to` beside that of `from`; the gateway instead of it. */
  async startBeside(from: Version, to: Version): Promise<void> {
    for (const app of IN_TURN) await this.start(app, to);
    await this.stop('gateway', from);
    await this.start('gateway', to);
  }

  /** Stops what is left of a version after `startBeside`. */
  async stopRest(version: Version): Promise<void> {
    for (const app of IN_TURN) await this.stop(app, version);
  }

  async close(): Promise<void> {
    for (const front of this.fronts.values()) await front.close();
  }

  private async start(app: AppName, { name, bundles }: Version): Promise<void> {
    const port = replicaPort(this.system.scratch.context.ports, app, REPLICA[name]);
    await this.system.add({ app, name: `${app}-${name}`, port, bundles });
    await this.system.ready();
    this.fronts.get(app)?.add(port);
  }

  private async stop(app: AppName, { name }: Version): Promise<void> {
    const replica = this.system.apps.find((each) => each.name === `${app}-${name}`);
    if (!replica) throw new Error(`${app}-${name} does not run.`);
    this.fronts.get(app)?.remove(replica.options.port);
    await this.system.remove(replica);
    this.ended.push(...replica.crashes);
  }
}
