import { join } from 'node:path';
import type { PythonProgram } from '../../tools/python-programs';
import { keptFolder } from '../kept-folder';
import { runTool } from '../run-tool';
import type { HostBuildSettings } from '../settings';

const PYTHON = join('bin', 'python');

/**
 * A Python with pip, kept in the tenant's cache: bringing pip into every image would cost seconds, and leave it there.
 */
export async function pipOf(python: PythonProgram, settings: HostBuildSettings): Promise<string> {
  const folder = join(settings.cacheDir, 'pip-tool', python.version);
  await keptFolder(folder, PYTHON, (fresh) =>
    runTool({
      program: python.path,
      args: ['-m', 'venv', fresh],
      cwd: settings.workDir,
      environment: settings.environment,
      code: 'dependency_install',
      title: 'python -m venv',
    }),
  );
  return join(folder, PYTHON);
}
