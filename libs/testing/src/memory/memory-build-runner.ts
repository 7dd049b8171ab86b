import { BuildRunner, type ContainerEnd, type JobSpec, type JobState } from '@slipway/domain';
import type { MemoryBuildLogs } from './memory-build-logs';

/** Jobs in memory: they run until a spec ends or loses them. `logs`, where given, lose a Job when it is stopped. */
export class MemoryBuildRunner extends BuildRunner {
  private readonly jobs = new Map<string, JobState>();
  private started = 0;
  /** What was started, in order; adopted Jobs are not started again. */
  readonly specs: JobSpec[] = [];

  constructor(private readonly logs?: MemoryBuildLogs) {
    super();
  }

  async start(spec: JobSpec): Promise<{ uid: string }> {
    const known = this.jobs.get(spec.name);
    if (known) return { uid: known.uid };
    this.started += 1;
    const uid = `uid-${this.started}`;
    this.specs.push(spec);
    this.jobs.set(spec.name, {
      name: spec.name,
      uid,
      buildId: spec.buildId,
      attempt: spec.attempt,
      phase: 'starting',
    });
    return { uid };
  }

  async get(name: string): Promise<JobState | undefined> {
    const job = this.jobs.get(name);
    return job && { ...job };
  }

  async stop(name: string): Promise<void> {
    this.jobs.delete(name);
    this.logs?.lose(name);
  }

  async list(): Promise<JobState[]> {
    return [...this.jobs.values()].map((job) => ({ ...job }));
  }

  /** Moves a Job on, as its builder would. */
  progress(name: string, phase: JobState['phase']): void {
    this.change(name, { phase });
  }

  /** Ends a Job; it stays visible until it is stopped. */
  end(name: string, end: Partial<ContainerEnd>): void {
    this.change(name, { phase: 'done', end: { head: [], tail: [], ...end } });
  }

  /** Takes a Job away unasked, as when its node is lost. */
  lose(name: string): void {
    this.jobs.delete(name);
  }

  private change(name: string, change: Partial<JobState>): void {
    const job = this.jobs.get(name);
    if (!job) throw new Error(`There is no Job "${name}".`);
    this.jobs.set(name, { ...job, ...change });
  }
}
