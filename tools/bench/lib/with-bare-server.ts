import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./bare-server.ts', import.meta.url));
const QUIET = ['--disable-warning=ExperimentalWarning', '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'];

/** Lends the address of a bare server of node:http in a process of its own. */
export async function withBareServer<T>(work: (url: string) => Promise<T>): Promise<T> {
  const child = spawn(process.execPath, [...QUIET, PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  try {
    const [port] = (await Promise.race([
      once(createInterface(child.stdout), 'line'),
      ended.then(() => Promise.reject(new Error('The bare server ended while it was starting.'))),
    ])) as [string];
    return await work(`http://127.0.0.1:${port}/`);
  } finally {
    child.stdin.end();
    await ended;
  }
}
