import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { functionCommand, readImageManifest } from '../src/index';

export interface RunningFunction {
  url: string;
  stop: () => Promise<void>;
}

/** Starts an image's function and returns once it is ready. */
export async function startFunction(imageDir: string, wrappersDir: string): Promise<RunningFunction> {
  const port = await freePort();
  const image = await readImageManifest(imageDir);
  const { command, args, env, cwd } = functionCommand({ imageDir, wrappersDir, image });
  const settings = {
    PORT: String(port),
    SLIPWAY_EVENT_SOURCE: 'network.notifi.acme',
    SLIPWAY_EVENT_SUBJECT: 'hello',
  };
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env['PATH'], ...env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (output += String(piece)));
  const exited = once(child, 'exit');
  const url = `http://127.0.0.1:${port}`;
  while (!(await isReady(url))) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the function ended while it was starting: ${output}`);
    await setTimeout(30);
  }
  const stop = async (): Promise<void> => {
    // The whole group: a start script's process is a child of the one that was started.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    await exited;
  };
  return { url, stop };
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/health/readiness`).then(
    (response) => response.ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
