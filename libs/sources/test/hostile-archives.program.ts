import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isSlipwayError } from '@slipway/domain';
import { readArchive } from '../src/archive/read-archive';
import { DEFAULT_LIMITS } from '../src/limits';
import type { ArchiveCase, ArchivesReport } from './hostile-archives-report';

/** Reads every archive of a folder as a process of its own, and prints what came of it and what it took. */
async function main(folder: string): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const verdicts: string[] = [];
  for (const { file, limits } of JSON.parse(
    readFileSync(join(folder, 'cases.json'), 'utf8'),
  ) as ArchiveCase[]) {
    const bytes = readFileSync(join(folder, file));
    delay.enable();
    verdicts.push(await verdictOn(bytes, limits));
    delay.disable();
  }
  const report: ArchivesReport = {
    verdicts,
    peakBytes: peakBytes(),
    delayMs: { p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 },
    writing: writingTo(join(folder, 'written')),
  };
  process.stdout.write(JSON.stringify(report));
}

async function verdictOn(bytes: Buffer, limits: ArchiveCase['limits']): Promise<string> {
  try {
    await readArchive(bytes, { ...DEFAULT_LIMITS, ...limits });
    return 'it was taken';
  } catch (error) {
    return isSlipwayError(error) ? `${error.code}: ${error.message}` : String(error);
  }
}

/** `resourceUsage().maxRSS` would begin with the memory of the process that started this one. */
function peakBytes(): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
}

/** Shows that this process cannot write at all. */
function writingTo(file: string): string {
  try {
    writeFileSync(file, '');
    return 'allowed';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

void main(process.argv[2]!);
