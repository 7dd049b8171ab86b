import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContextEntry } from '@slipway/domain';
import { prepareWrapper } from '../src/index';
import { buildSource, RUNTIMES, type BuildRun } from './built-example';
import { bundledProgram } from './bundled-program';
import { startFunction, type RunningFunction } from './running-function';

/** A place for builds of one suite, which share caches and wrappers as the builds of one tenant do. */
export class HostBuildTrial {
  private readonly running: RunningFunction[] = [];

  private constructor(
    readonly root: string,
    private readonly program: string,
  ) {}

  static async open(): Promise<HostBuildTrial> {
    const root = await mkdtemp(join(tmpdir(), 'slipway-host-build-'));
    return new HostBuildTrial(root, await bundledProgram(join(root, 'program')));
  }

  async prepareNode(): Promise<void> {
    const wrappersDir = join(this.root, 'wrappers');
    await prepareWrapper({ runtimesDir: RUNTIMES, family: 'nodejs', version: '24', wrappersDir });
  }

  build(
    name: string,
    entries: ContextEntry[],
    environment?: Readonly<Record<string, string>>,
  ): Promise<BuildRun> {
    return buildSource(this.program, join(this.root, name), entries, environment);
  }

  /** Builds and starts it. Returns its address. */
  async serve(name: string, entries: ContextEntry[]): Promise<string> {
    const built = await this.build(name, entries);
    if (built.exitCode !== 0) throw new Error(built.lines.join('\n'));
    const started = await startFunction(built.image, built.wrappersDir);
    this.running.push(started);
    return started.url;
  }

  async stopFunctions(): Promise<void> {
    for (const each of this.running.splice(0)) await each.stop();
  }

  async close(): Promise<void> {
    await this.stopFunctions();
    await rm(this.root, { recursive: true, force: true });
  }
}
