import { BuildObserver, type Clock, type ContainerEnd } from '@slipway/domain';
import { JobFolder } from './job-folder';
import { viewJob } from './job-view';

export interface LocalBuildObserverOptions {
  /** KANIKO_NAMESPACE, KANIKO_POD_NAME and KANIKO_CONTAINER_NAME of the sidecar's environment. */
  jobsFolder: string;
  jobName: string;
  containerName: string;
  clock: Clock;
}

const CONTAINER = 'builder';

export class LocalBuildObserver extends BuildObserver {
  private readonly folder: JobFolder;

  constructor(private readonly options: LocalBuildObserverOptions) {
    super();
    if (options.containerName !== CONTAINER) {
      throw new Error(
        `KANIKO_CONTAINER_NAME is "${options.containerName}"; a local Job has only "${CONTAINER}"`,
      );
    }
    this.folder = JobFolder.named(options.jobsFolder, options.jobName);
  }

  /** A Job that was taken away while its sidecar looked on counts as lost: nobody will say more about it. */
  async observe(): Promise<ContainerEnd | undefined> {
    const job = await viewJob(this.folder, this.options.clock);
    return job === undefined ? { reason: 'lost', head: [], tail: [] } : job.end;
  }
}
