import { randomUUID } from 'node:crypto';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PythonProgram } from '../../tools/python-programs';
import { runTool } from '../run-tool';
import type { HostBuildSettings } from '../settings';

/**
 * A Python with pip, kept in the tenant's cache: bringing pip into every image would cost seconds, and leave it there.
 */
export async function pipOf(python: PythonProgram, settings: HostBuildSettings): Promise<string> {
  const folder = join(settings.cacheDir, 'pip-tool', python.version);
  const program = join(folder, 'bin', 'python');
  if (await works(program)) return program;
  const fresh = `${folder}.${randomUUID()}`;
  await mkdir(join(settings.cacheDir, 'pip-tool'), { recursive: true });
  await runTool({
    program: python.path,
    args: ['-m', 'venv', fresh],
    cwd: settings.workDir,
    environment: settings.environment,
    code: 'dependency_install',
    title: 'python -m venv',
  });
  // A build of the same tenant may have been faster, or the interpreter of the old one is gone.
  await rename(fresh, folder).catch(async () => {
    if (await works(program)) return rm(fresh, { recursive: true });
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder);
  });
  return program;
}

async function works(program: string): Promise<boolean> {
  return access(program).then(
    () => true,
    () => false,
  );
}
