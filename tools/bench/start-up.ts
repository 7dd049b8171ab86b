// Start-up time and memory of each app, bundled, beside a bare Node process that loads and connects the same drivers.
// Needs DATABASE_URL and AMQP_URL, and the bundles of `npm run build`. Usage: npm run bench start-up [-- RUNS]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const RUNS = Number(process.argv[2] ?? 7);
const APPS = ['ingest', 'context-builder', 'job-launcher', 'service-deployer', 'api', 'gateway'];

// What an app cannot do without: both drivers loaded and connected, and a port that answers.
const BASELINE = `
const { Client } = require('pg');
const amqp = require('amqplib');
const { createServer } = require('node:http');
(async () => {
  const client = new Client({ connectionString: process.env.DATABASE_URL });
  await Promise.all([client.connect(), amqp.connect(process.env.AMQP_URL)]);
  createServer((_, response) => response.end('{"status":"ok"}')).listen(process.env.PORT, '127.0.0.1');
})();`;

interface Measured {
  ms: number;
  mib: number;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function ready(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).status === 200;
  } catch {
    return false;
  }
}

function residentMib(pid: number): number {
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return Number(kib) / 1024;
}

async function measure(args: string[], state: string): Promise<Measured> {
  const port = await freePort();
  const env = {
    ...process.env,
    PORT: String(port),
    HOST: '127.0.0.1',
    LOG_LEVEL: 'error',
    STATE_DIR: state,
    OBJECT_STORE_URL: `file://${state}/objects`,
    SIDECAR_AMQP_URL: process.env['SIDECAR_AMQP_URL'] ?? process.env['AMQP_URL'],
  };
  const start = performance.now();
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`${args.at(-1)} ended with ${code}`)));
  });
  const answering = (async () => {
    while (!(await ready(port))) await new Promise((resolve) => setTimeout(resolve, 5));
  })();
  await Promise.race([answering, ended]);
  const ms = performance.now() - start;
  await new Promise((resolve) => setTimeout(resolve, 300));
  const mib = residentMib(child.pid!);
  ended.catch(() => undefined);
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
  return { ms, mib };
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

for (const name of ['DATABASE_URL', 'AMQP_URL']) {
  if (!process.env[name]) {
    process.stderr.write(`${name} is not set: name a server that the measurement may use.\n`);
    process.exit(2);
  }
}

const state = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
const programs: Record<string, string[]> = {
  baseline: ['-e', BASELINE],
  ...Object.fromEntries(APPS.map((app) => [app, [join('dist', 'apps', app, 'main.js')]])),
};
const results: Record<string, Measured[]> = Object.fromEntries(
  Object.keys(programs).map((name) => [name, []]),
);
try {
  // One round for warming up, then interleaved, so that whatever else the machine does meets all alike.
  for (let round = 0; round <= RUNS; round += 1) {
    for (const [name, args] of Object.entries(programs)) {
      const measured = await measure(args, state);
      if (round > 0) results[name]!.push(measured);
    }
  }
} finally {
  rmSync(state, { recursive: true, force: true });
}

const of = (name: string, pick: (measured: Measured) => number): number => median(results[name]!.map(pick));
process.stdout.write(`median of ${RUNS}; × = ratio to a bare Node process with pg and amqplib connected\n`);
process.stdout.write('app               ready ms      ×   RSS MiB      ×\n');
for (const name of Object.keys(programs)) {
  const ms = of(name, (measured) => measured.ms);
  const mib = of(name, (measured) => measured.mib);
  const ratios = [ms / of('baseline', (m) => m.ms), mib / of('baseline', (m) => m.mib)].map((ratio) =>
    ratio.toFixed(2),
  );
  process.stdout.write(
    `${name.padEnd(18)}${ms.toFixed(0).padStart(8)}${ratios[0]!.padStart(7)}${mib.toFixed(0).padStart(10)}${ratios[1]!.padStart(7)}\n`,
  );
}
