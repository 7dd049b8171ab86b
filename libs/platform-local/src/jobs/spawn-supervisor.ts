import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import type { JobFolder } from './job-folder';

export interface SupervisorProgram {
  nodePath: string;
  supervisorProgram: string;
  /** For the package manager that fetches wrappers; nothing of this process's own environment goes along. */
  environment: Readonly<Record<string, string>>;
}

/** Starts a supervisor that outlives this process. All that it needs to know lies in the folder. */
export async function spawnSupervisor(program: SupervisorProgram, folder: JobFolder): Promise<void> {
  await using output = await open(folder.supervisorLog, 'a', 0o600);
  const child = spawn(program.nodePath, [program.supervisorProgram, folder.path], {
    cwd: '/',
    detached: true,
    env: { ...program.environment },
    stdio: ['ignore', output.fd, output.fd],
  });
  await once(child, 'spawn');
  child.unref();
}
