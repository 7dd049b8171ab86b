import { createHash, randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { ContainerEnd, JobSpec } from '@slipway/domain';
import { bundleProgram } from '@slipway/testing';
import { pack } from 'tar-stream';
import { deleteTree } from '../src/files/remove-tree';
import { LocalBuildRunner } from '../src/jobs/local-build-runner';
import { endFamily } from '../src/processes/family';
import { aSpec } from './records';

export const clock = { now: (): number => Date.now() };

/** A state folder with a runner whose build program is whatever script a test gives it. */
export class JobSetting {
  private constructor(readonly root: string) {}

  static async create(): Promise<JobSetting> {
    const root = await mkdtemp(join(tmpdir(), 'slipway-jobs-'));
    await chmod(root, 0o755);
    await mkdir(join(root, 'programs'));
    await mkdir(join(root, 'runtimes'));
    await bundleProgram(join(__dirname, 'supervisor.program.ts'), join(root, 'programs'));
    await writeFile(join(root, 'programs/sidecar.js'), SIDECAR);
    const archive = pack();
    archive.entry(
      { name: '.slipway/plan.json' },
      JSON.stringify({ runtime: { family: 'nodejs', version: '24' } }),
    );
    archive.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of archive) chunks.push(chunk as Buffer);
    await writeFile(join(root, 'context.tar.gz'), gzipSync(Buffer.concat(chunks)));
    return new JobSetting(root);
  }

  /** Runs `script` as the build program of every Job that this runner starts. */
  async runner(script: string): Promise<LocalBuildRunner> {
    const hostBuilderProgram = join(this.root, 'programs', `${randomUUID()}.js`);
    await writeFile(hostBuilderProgram, script);
    return new LocalBuildRunner({
      root: this.root,
      supervisorProgram: join(this.root, 'programs/supervisor.js'),
      hostBuilderProgram,
      sidecarProgram: join(this.root, 'programs/sidecar.js'),
      sidecarAmqpUrl: 'amqp://sidecar@127.0.0.1:1',
      runtimesDir: join(this.root, 'runtimes'),
      builderEnvironment: { PATH: '/usr/bin:/bin' },
      clock,
      ids: { uuid: () => randomUUID() },
    });
  }

  async spec(name: string, overrides: Partial<JobSpec> = {}): Promise<JobSpec> {
    const path = join(this.root, 'context.tar.gz');
    const bytes = await readFile(path);
    return aSpec({
      name,
      buildId: name,
      imageUri: `local/images:${name}`,
      container: { command: ['host-build'], environment: { GIVEN: 'yes' }, memoryBytes: 512 * 1024 ** 2 },
      context: {
        url: `file://${path}`,
        size: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      },
      ...overrides,
    });
  }

  async close(runner: LocalBuildRunner): Promise<void> {
    for (const job of await runner.list()) await runner.stop(job.name);
  }

  async remove(): Promise<void> {
    await endFamily({ marker: `SLIPWAY_TEST_ROOT=${this.root}` }, 0);
    await deleteTree(this.root);
  }
}

/** Looks until there is something to see. */
export async function until<T>(look: () => Promise<T | undefined>, withinMs = 20_000): Promise<T> {
  for (const end = Date.now() + withinMs; Date.now() < end; await pause(25)) {
    const seen = await look();
    if (seen !== undefined) return seen;
  }
  throw new Error('it did not come about in time');
}

export function endOf(runner: LocalBuildRunner, name: string): Promise<ContainerEnd> {
  return until(async () => (await runner.get(name))?.end);
}

/** Waits for the end as the real one does, and leaves its environment for the test to read. */
const SIDECAR = `
const { readFileSync, writeFileSync } = require('node:fs');
const folder = process.env.KANIKO_NAMESPACE + '/' + process.env.KANIKO_POD_NAME;
writeFileSync(folder + '/sidecar-environment.json', JSON.stringify(process.env));
setInterval(() => {
  const status = JSON.parse(readFileSync(folder + '/status.json', 'utf8'));
  if (status.end) process.exit(0);
}, 25);
`;
