import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endOf, JobSetting, until, clock } from '../../test/job-setting';
import { LocalImageRegistry } from '../images/local-image-registry';
import { imageFolder } from '../images/image-store';
import { processTable, hasEnvironment } from '../processes/process-table';
import { JobFolder } from './job-folder';
import { LocalBuildLogSource } from './local-build-log-source';
import { LocalBuildObserver } from './local-build-observer';
import type { LocalBuildRunner } from './local-build-runner';

const SUCCESS = `
const { mkdirSync, writeFileSync } = require('node:fs');
const out = process.env.SLIPWAY_OUTPUT;
mkdirSync(out + '/app', { recursive: true });
writeFileSync(out + '/app/main.js', 'hello');
writeFileSync(out + '/environment.json', JSON.stringify(process.env));
console.log('built as', process.getuid());
`;

/** Only a group id of its own finds a process that has left session, parent and environment; it takes root to give one. */
const isRoot = process.getuid?.() === 0;
const CHILDREN = isRoot ? 3 : 2;

/** Leaves processes in every way that one may try: a child, one in its own session, one with neither parent nor mark. */
const LEAVES_CHILDREN = `
const { spawn } = require('node:child_process');
spawn('sleep', ['4711']);
spawn('setsid', ['sleep', '4711']);
if (${isRoot}) spawn('sh', ['-c', 'setsid env -i sleep 4711 & exit 0']);
console.log('sleeping');
setTimeout(() => {}, 600000);
`;

/** The processes that LEAVES_CHILDREN leaves. */
function sleepers(): number[] {
  return processTable()
    .map(({ pid }) => pid)
    .filter(
      (pid) =>
        existsSync(`/proc/${pid}`) &&
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('sleep\u{0}4711'),
    );
}

describe('LocalBuildRunner', () => {
  let setting: JobSetting;
  let runner: LocalBuildRunner;

  beforeAll(async () => {
    setting = await JobSetting.create();
  });

  afterEach(() => setting.close(runner));

  afterAll(() => setting.remove());

  it('builds an image, tags it, and keeps its digest', async () => {
    runner = await setting.runner(SUCCESS);
    await runner.start(await setting.spec('build-a'));
    const end = await endOf(runner, 'build-a');
    expect(end).toMatchObject({ exitCode: 0, digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) });
    const registry = new LocalImageRegistry({ root: setting.root });
    await expect(registry.digestOf('local/images:build-a')).resolves.toBe(end.digest);
    await expect(registry.digestOf(`x@${end.digest}`)).resolves.toBe(end.digest);
    await expect(registry.digestOf('local/images:other')).resolves.toBeUndefined();
    const main = await readFile(join(imageFolder(setting.root, end.digest ?? ''), 'app/main.js'), 'utf8');
    expect(main).toBe('hello');
  });

  it('gives the builder nothing of its own environment, and the sidecar what it needs', async () => {
    runner = await setting.runner(SUCCESS);
    const { uid } = await runner.start(await setting.spec('build-b'));
    const { digest = '' } = await endOf(runner, 'build-b');
    const builder = JSON.parse(
      await readFile(join(imageFolder(setting.root, digest), 'environment.json'), 'utf8'),
    );
    expect(Object.keys(builder).sort()).toEqual(
      ['GIVEN', 'HOME', 'LANG', 'PATH', 'TMPDIR', 'SLIPWAY_JOB']
        .concat(
          ['CACHE_DIR', 'CONTEXT_SHA256', 'CONTEXT_URL', 'OUTPUT', 'RUNTIMES_DIR', 'WRAPPERS_DIR'].map(
            (n) => `SLIPWAY_${n}`,
          ),
        )
        .sort(),
    );
    const sidecar = await until(() =>
      readFile(join(setting.root, 'jobs/build-b/sidecar-environment.json'), 'utf8').then(
        JSON.parse,
        () => undefined,
      ),
    );
    expect(sidecar).toMatchObject({
      JOB_UID: uid,
      BUILD_ID: 'build-b',
      ATTEMPT: '1',
      KANIKO_CONTAINER_NAME: 'builder',
    });
  });

  it('reports the exit code and the last lines of a builder that fails', async () => {
    runner = await setting.runner(`console.error('npm error code E404'); process.exit(7);`);
    await runner.start(await setting.spec('build-c'));
    await expect(endOf(runner, 'build-c')).resolves.toMatchObject({
      exitCode: 7,
      tail: ['npm error code E404'],
    });
  });

  it('ends everything that a builder has started when its time is over', async () => {
    runner = await setting.runner(LEAVES_CHILDREN);
    await runner.start(await setting.spec('build-d', { timeoutSeconds: 3 }));
    await until(async () => (sleepers().length === CHILDREN ? true : undefined));
    await expect(endOf(runner, 'build-d')).resolves.toMatchObject({ reason: 'deadline', tail: ['sleeping'] });
    expect(sleepers()).toEqual([]);
  });

  it('ends a builder whose processes together need too much memory', async () => {
    runner = await setting.runner(`
      const { spawn } = require('node:child_process');
      const eat = 'const a = Buffer.alloc(60e6, 1); setTimeout(() => a, 60000)';
      for (let i = 0; i < 4; i++) spawn(process.execPath, ['-e', eat]);
      setTimeout(() => {}, 60000);`);
    const spec = await setting.spec('build-e');
    await runner.start({ ...spec, container: { ...spec.container, memoryBytes: 200e6 } });
    await expect(endOf(runner, 'build-e')).resolves.toMatchObject({ reason: 'oom' });
  });

  it('adopts a Job that was started before', async () => {
    runner = await setting.runner(SUCCESS);
    const spec = await setting.spec('build-f');
    const [first, second] = await Promise.all([runner.start(spec), runner.start(spec)]);
    expect(second.uid).toBe(first.uid);
    await endOf(runner, 'build-f');
    await expect(runner.start(spec)).resolves.toEqual(first);
    await expect(runner.get('build-f')).resolves.toMatchObject({ phase: 'done' });
  });

  it('removes a running Job with all its processes', async () => {
    runner = await setting.runner(LEAVES_CHILDREN);
    const { uid } = await runner.start(await setting.spec('build-g'));
    await until(async () => (sleepers().length === CHILDREN ? true : undefined));
    await runner.stop('build-g');
    expect(sleepers()).toEqual([]);
    expect(processTable().filter(({ pid }) => hasEnvironment(pid, `SLIPWAY_SIDECAR_OF=${uid}`))).toEqual([]);
    await expect(runner.get('build-g')).resolves.toBeUndefined();
    await expect(runner.stop('build-g')).resolves.toBeUndefined();
  });

  it('calls a Job lost whose supervisor was killed, and still ends its builder', async () => {
    runner = await setting.runner(LEAVES_CHILDREN);
    await runner.start(await setting.spec('build-h'));
    await until(async () => (sleepers().length === CHILDREN ? true : undefined));
    const status = await JobFolder.named(join(setting.root, 'jobs'), 'build-h').status();
    process.kill(status?.pid ?? 0, 'SIGKILL');
    await expect(endOf(runner, 'build-h')).resolves.toMatchObject({ reason: 'lost', tail: ['sleeping'] });
    const observer = new LocalBuildObserver({
      jobsFolder: join(setting.root, 'jobs'),
      jobName: 'build-h',
      containerName: 'builder',
      clock,
    });
    await expect(observer.observe()).resolves.toMatchObject({ reason: 'lost' });
    await runner.stop('build-h');
    expect(sleepers()).toEqual([]);
  });

  it('ends the builder as stopped when the supervisor is asked to go', async () => {
    runner = await setting.runner(LEAVES_CHILDREN);
    await runner.start(await setting.spec('build-i'));
    await until(async () => (sleepers().length === CHILDREN ? true : undefined));
    const status = await JobFolder.named(join(setting.root, 'jobs'), 'build-i').status();
    process.kill(status?.pid ?? 0, 'SIGTERM');
    await expect(endOf(runner, 'build-i')).resolves.toMatchObject({ reason: 'stopped' });
    expect(sleepers()).toEqual([]);
  });

  it('gives the log by offset, and says when nothing will follow', async () => {
    runner = await setting.runner(
      `process.stdout.write('x'.repeat(100000) + '\\nend\\n'); process.exitCode = 1;`,
    );
    await runner.start(await setting.spec('build-j'));
    await endOf(runner, 'build-j');
    const logs = new LocalBuildLogSource({ root: setting.root, clock });
    const first = await logs.read('build-j', 0, 65_536);
    expect(first).toMatchObject({ next: 65_536, complete: false });
    const rest = await logs.read('build-j', 65_536, 65_536);
    expect(rest).toMatchObject({ next: 100_005, complete: true });
    expect(rest?.bytes.toString().endsWith('\nend\n')).toBe(true);
    await expect(logs.read('build-none', 0, 1)).resolves.toBeUndefined();
  });

  it('refuses an image with a link that leads outside, and says so in the log', async () => {
    runner = await setting.runner(`
      const { mkdirSync, symlinkSync } = require('node:fs');
      mkdirSync(process.env.SLIPWAY_OUTPUT + '/a/b', { recursive: true });
      symlinkSync('../..', process.env.SLIPWAY_OUTPUT + '/a/b/up');
      symlinkSync('a/b/up/../x', process.env.SLIPWAY_OUTPUT + '/sly');
      mkdirSync(process.env.SLIPWAY_OUTPUT + '/../x');`);
    await runner.start(await setting.spec('build-k'));
    const end = await endOf(runner, 'build-k');
    expect(end.exitCode).toBe(1);
    expect(end.tail.at(-1)).toMatch(/^slipway: the image was refused: the link sly leads /);
  });
});
