import {
  BuildRunner,
  SlipwayError,
  type Clock,
  type Ids,
  type JobSpec,
  type JobState,
} from '@slipway/domain';
import { stateLayout } from '../layout/state-layout';
import { bootId } from '../processes/process-identity';
import type { IdRange } from '../tenants/id-map';
import { endJob } from './end-job';
import { JobFolder } from './job-folder';
import type { JobRecord, SupervisorSettings } from './job-record';
import { mayStillStart, viewJob } from './job-view';
import { spawnSupervisor, type SupervisorProgram } from './spawn-supervisor';

export interface LocalBuildRunnerOptions {
  /** The platform's state folder, absolute. */
  root: string;
  /** Bundles of ours: the supervisor, the build program, the sidecar. */
  supervisorProgram: string;
  hostBuilderProgram: string;
  sidecarProgram: string;
  sidecarAmqpUrl: string;
  /** Settings that the sidecar shares with the apps, such as EVENT_TYPE_PREFIX and LOG_LEVEL. */
  sidecarEnvironment?: Readonly<Record<string, string>>;
  runtimesDir: string;
  /** Default: the Node that runs this process. */
  nodePath?: string;
  builderEnvironment: Readonly<Record<string, string>>;
  tenantUids?: IdRange;
  clock: Clock;
  ids: Ids;
}

/** The only command that this platform runs; a container of another builder does not belong here. */
const HOST_BUILD = 'host-build';
/** Making a Job takes milliseconds; a maker that comes back later finds its draft gone and tries again. */
const DRAFT_MS = 60_000;

/** Jobs as folders, each with a supervisor that needs none of the apps to go on. */
export class LocalBuildRunner extends BuildRunner {
  private readonly jobs: string;
  private readonly nodePath: string;

  constructor(private readonly options: LocalBuildRunnerOptions) {
    super();
    this.jobs = stateLayout(options.root).jobs;
    this.nodePath = options.nodePath ?? process.execPath;
  }

  async start(spec: JobSpec): Promise<{ uid: string }> {
    if (spec.container.command[0] !== HOST_BUILD) {
      throw new SlipwayError(
        'builder_unsupported',
        `The local platform cannot run the builder "${spec.builder}".`,
      );
    }
    const folder = JobFolder.named(this.jobs, spec.name);
    await JobFolder.create(this.jobs, this.newRecord(spec));
    const record = await folder.record();
    if (record === undefined)
      throw new SlipwayError('unavailable', `The Job ${spec.name} was removed while it was started.`);
    // Two supervisors may come of this where a first one is slow; the lock lets one in.
    if ((await folder.lock()) === undefined && mayStillStart(record, this.options.clock)) {
      await spawnSupervisor(this.supervisor(), folder);
    }
    return { uid: record.uid };
  }

  get(name: string): Promise<JobState | undefined> {
    return viewJob(JobFolder.named(this.jobs, name), this.options.clock);
  }

  stop(name: string): Promise<void> {
    return endJob(JobFolder.named(this.jobs, name));
  }

  async list(): Promise<JobState[]> {
    await JobFolder.removeDrafts(this.jobs, DRAFT_MS, this.options.clock.now());
    const names = await JobFolder.names(this.jobs);
    const states = await Promise.all(names.map((name) => this.get(name)));
    return states.filter((state) => state !== undefined);
  }

  private newRecord(spec: JobSpec): JobRecord {
    const { clock, ids } = this.options;
    return { uid: ids.uuid(), bootId: bootId(), createdAt: clock.now(), spec, settings: this.settings() };
  }

  private supervisor(): SupervisorProgram {
    const { root, supervisorProgram, builderEnvironment } = this.options;
    return { nodePath: this.nodePath, supervisorProgram, environment: { ...builderEnvironment, HOME: root } };
  }

  private settings(): SupervisorSettings {
    const { clock: _clock, ids: _ids, supervisorProgram: _program, ...settings } = this.options;
    return { ...settings, nodePath: this.nodePath };
  }
}
