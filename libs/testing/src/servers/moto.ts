import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Serves on a free port, which it prints, until its standard input ends: also when the tests were killed. */
const PROGRAM = `
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
server.stop()
`;

export interface Moto {
  endpoint: string;
  stop(): Promise<void>;
}

/** Starts moto's S3 server where Python has it. Fails with what to install where it has not. */
export async function startMoto(interpreter = 'python3'): Promise<Moto> {
  const python = spawn(interpreter, ['-c', PROGRAM], { stdio: ['pipe', 'pipe', 'pipe'] });
  const port = await portOf(python);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: async () => {
      const ended = once(python, 'exit');
      python.stdin.end();
      await ended;
    },
  };
}

async function portOf(python: ChildProcess): Promise<string> {
  let said = '';
  python.stderr!.on('data', (chunk: Buffer) => void (said = `${said}${chunk}`.slice(-2_000)));
  const failed = new Promise<never>((_resolve, reject) => {
    python.once('error', (error) => reject(missing(error.message)));
    python.once('exit', () => reject(missing(said)));
  });
  return Promise.race([firstNumber(python), failed]);
}

async function firstNumber(python: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: python.stdout! })) if (/^\d+$/.test(line)) return line;
  return new Promise(() => undefined);
}

function missing(why: string): Error {
  return new Error(
    'The tests have no S3 server: name one in S3_ENDPOINT (with S3_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY), ' +
      `or install moto for python3 (pip install 'moto[s3,server]', Debian: python3-moto). python3 said: ${why.trim()}`,
  );
}
