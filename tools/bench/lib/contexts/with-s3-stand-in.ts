import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./s3-stand-in.ts', import.meta.url));
const QUIET = ['--disable-warning=ExperimentalWarning', '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'];

/** Lends the address of a stand-in for an S3 server that answers each request after a delay. */
export async function withS3StandIn<T>(delayMs: number, work: (endpoint: string) => Promise<T>): Promise<T> {
  const args = [...QUIET, PROGRAM, String(delayMs)];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  try {
    const [port] = (await Promise.race([
      once(createInterface(child.stdout), 'line'),
      ended.then(() => Promise.reject(new Error('The S3 stand-in ended while it was starting.'))),
    ])) as [string];
    return await work(`http://127.0.0.1:${port}`);
  } finally {
    child.stdin.end();
    await ended;
  }
}
