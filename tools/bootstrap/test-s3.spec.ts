import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, type Context } from './context.ts';
import { startTimeOf } from './process-identity.ts';
import { RunRecord } from './run-record.ts';
import { startLabS3 } from './test-s3-lab.ts';
import { ensureTestS3 } from './test-s3.ts';

/** Speaks like the lab: its S3 server is the process that the file `s3` names, and runs once `build up s3` was called. */
const LAB = `#!/bin/sh
case "$*" in
  env)
    echo "export LAB_HOME=$LAB_HOME LAB_S3_ENDPOINT=http://127.0.0.1:9000"
    echo 'export LAB_S3_ACCESS_KEY_ID=lab LAB_S3_SECRET_ACCESS_KEY=secret'
    ;;
  'build up s3') cp "$LAB_HOME/s3" "$LAB_HOME/run/s3.pid" && echo "lab: $ANSWER" && [ "$ANSWER" = up ] ;;
esac
`;

let folder: string;
let server: ChildProcess;
let notes: string[];
beforeEach(() => {
  notes = [];
  folder = mkdtempSync(join(tmpdir(), 'slipway-lab-'));
  for (const path of ['clone', 'shared/lab', 'home/run', 'state']) {
    mkdirSync(join(folder, path), { recursive: true });
  }
  writeFileSync(join(folder, 'shared/lab/lab'), LAB, { mode: 0o755 });
  server = spawn('sleep', ['600'], { stdio: 'ignore' });
  writeFileSync(join(folder, 'home/s3'), `${server.pid} ${startTimeOf(server.pid!)}\n`);
});
afterEach(() => {
  server.kill();
  rmSync(folder, { recursive: true, force: true });
});

function context(env: NodeJS.ProcessEnv = {}, asRoot = true): Context {
  const { signal } = new AbortController();
  const steps = { run: () => Promise.reject(new Error('no steps here')), line: () => undefined };
  const whole = { PATH: process.env.PATH, LAB_HOME: join(folder, 'home'), ANSWER: 'up', ...env };
  return createContext('test', { root: join(folder, 'clone'), env: whole, asRoot, steps, signal });
}

function record(): RunRecord {
  return new RunRecord(join(folder, 'state', 'run.json'));
}

const note = (text: string): void => void notes.push(text);

describe('the S3 server of the lab', () => {
  it('is started, and recorded as ours to stop', async () => {
    const login = await startLabS3(context(), record(), note);
    expect(login).toEqual({
      endpoint: 'http://127.0.0.1:9000',
      accessKeyId: 'lab',
      secretAccessKey: 'secret',
    });
    expect(record().processes()).toEqual([expect.objectContaining({ name: 's3', pid: server.pid })]);
  });

  it('stays where it ran before', async () => {
    await startLabS3(context(), record(), note);
    record().remove('s3');
    expect(await startLabS3(context(), record(), note)).toBeDefined();
    expect(record().processes()).toEqual([]);
  });

  it('is not used where it does not get up, and is stopped then as well', async () => {
    expect(await startLabS3(context({ ANSWER: 'port 9000 is taken' }), record(), note)).toBeUndefined();
    expect(notes.at(-1)).toContain('port 9000 is taken');
    expect(record().processes()).toHaveLength(1);
  });

  it('is for root alone', async () => {
    expect(await startLabS3(context({}, false), record(), note)).toBeUndefined();
    expect(record().processes()).toEqual([]);
  });
});

describe('the S3 server that S3_ENDPOINT names', () => {
  it('is taken with the keys of the caller, and no other is started', async () => {
    const answering = createServer((_request, response) => response.writeHead(403).end());
    await new Promise<void>((resolve) => answering.listen(0, '127.0.0.1', resolve));
    const S3_ENDPOINT = `http://127.0.0.1:${(answering.address() as AddressInfo).port}`;
    expect(await ensureTestS3(context({ S3_ENDPOINT }), record(), note)).toEqual({ S3_ENDPOINT });
    expect(record().processes()).toEqual([]);
    answering.closeAllConnections();
    await new Promise((resolve) => answering.close(resolve));
  });

  it('is refused where it does not answer', async () => {
    const named = context({ S3_ENDPOINT: 'http://127.0.0.1:9' });
    await expect(ensureTestS3(named, record(), note)).rejects.toThrow(
      /S3_ENDPOINT names .* unset S3_ENDPOINT/,
    );
  });
});
