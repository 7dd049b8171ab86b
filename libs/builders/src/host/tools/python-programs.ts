import { execFileSync } from 'node:child_process';
import { byNearness } from './nearest-version';
import { programsNamed } from './find-programs';

export interface PythonProgram {
  path: string;
  version: string;
}

const ASK = 'import sys, venv, ensurepip; print("%d.%d.%d" % sys.version_info[:3]); print(sys.executable)';
/** Newer ones than any that a runtime names may be there too. */
const MINORS = Array.from({ length: 11 }, (_, index) => `3.${index + 10}`);

/** The nearest Python that runs, and can make virtual environments. Undefined where there is none from 3.10 on. */
export function nearestPython(wanted: string, searchPath: string): PythonProgram | undefined {
  const order = byNearness(wanted);
  const names = [...MINORS].sort(order).map((version) => `python${version}`);
  for (const path of names.flatMap((name) => programsNamed(name, searchPath))) {
    const found = pythonAt(path);
    if (found) return found;
  }
  const others = programsNamed('python3', searchPath).map(pythonAt);
  return others.find((python) => python !== undefined && MINORS.includes(shortOf(python.version)));
}

function shortOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

function pythonAt(path: string): PythonProgram | undefined {
  try {
    const printed = execFileSync(path, ['-c', ASK], {
      encoding: 'utf8',
      timeout: 10_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [version = '', executable = ''] = printed.trim().split('\n');
    return /^3\.\d+\.\d+$/.test(version) ? { path: executable, version } : undefined;
  } catch {
    // Version managers put programs on PATH that only say that the version is not active.
    return undefined;
  }
}
