import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleProgram } from '@slipway/testing';
import type { ArchiveCase, ArchivesReport } from '../../test/hostile-archives-report';
import { HOSTILE_ARCHIVES } from '../../test/hostile/corpus';

const MIB = 1024 * 1024;
const ALL = HOSTILE_ARCHIVES.flatMap(({ of, code, archives }) =>
  archives.map(([what, archive, words, limits]) => ({ of: `${of}: ${what}`, code, archive, words, limits })),
);

let folder: string;
let work: string;
let report: ArchivesReport;

/** The archives are made here, so that the memory of the program is that of reading them. */
async function writeCorpus(): Promise<void> {
  const cases: ArchiveCase[] = [];
  for (const [n, { archive, limits }] of ALL.entries()) {
    cases.push({ file: `${n}`, limits });
    await writeFile(join(folder, `${n}`), archive());
  }
  await writeFile(join(folder, 'cases.json'), JSON.stringify(cases));
}

async function runProgram(): Promise<ArchivesReport> {
  const program = await bundleProgram(join(__dirname, '../../test/hostile-archives.program.ts'), folder);
  // Without a word about writing, Node's permissions allow none, anywhere.
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--permission', '--allow-fs-read=*', program, folder],
    { cwd: work, env: { TMPDIR: work }, maxBuffer: 16 * MIB },
  );
  return JSON.parse(stdout) as ArchivesReport;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-hostile-'));
  work = join(folder, 'work');
  await mkdir(work);
  await writeCorpus();
  report = await runProgram();
  const { peakBytes, delayMs } = report;
  process.stderr.write(
    `${ALL.length} hostile archives: peak ${Math.round(peakBytes / MIB)} MiB, ` +
      `event loop delay p99 ${delayMs.p99.toFixed(1)} ms, max ${delayMs.max.toFixed(1)} ms\n`,
  );
}, 240_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a process that reads all hostile archives', () => {
  it('has at least 150 of them', () => expect(ALL.length).toBeGreaterThanOrEqual(150));

  it('refuses each, and goes on', () => {
    const wrong = ALL.map(({ of, code, words }, n) => ({
      of,
      code,
      words,
      said: report.verdicts[n] ?? '',
    })).filter(({ code, words, said }) => !said.startsWith(`${code}: `) || !said.includes(words));
    expect(wrong).toEqual([]);
  });

  it('needs to write nothing, and could not', async () => {
    expect(report.writing).toBe('ERR_ACCESS_DENIED');
    expect(await readdir(work)).toEqual([]);
  });

  it('stays below 256 MiB of memory', () => expect(report.peakBytes).toBeLessThan(256 * MIB));
});
