import { join } from 'node:path';
import type { Context } from './context.ts';
import { tellingLine } from './log-file.ts';
import { requireFreePort } from './ports.ts';
import { answersHttp } from './readiness.ts';
import type { RunRecord } from './run-record.ts';
import { runProgram } from './run-program.ts';
import { S3_PROCESS, type S3Login } from './s3-login.ts';
import { startServer } from './server.ts';

/** The version that the specs were seen to hold on; older ones know no conditional writes. */
const VERSION = '5.2.1';

/** Ends with 0 where moto is there, new enough, and complete: its server needs more than its mocks do. */
const CHECK = `
import importlib.util, moto, sys
found = tuple(int(part) for part in moto.__version__.split(".")[:2])
sys.exit(found < (5, 2) or not importlib.util.find_spec("flask_cors"))
`;

async function hasMoto({ env, signal }: Context, python: string): Promise<boolean> {
  return (await runProgram(python, ['-c', CHECK], { cwd: '/', env, signal })).code === 0;
}

/** Puts moto into a folder of the tests, which is kept between runs. False where there is no Python, pip or registry. */
async function install(context: Context, folder: string, note: (text: string) => void): Promise<boolean> {
  const { env, signal } = context;
  note(`installing moto ${VERSION} with pip, once`);
  const made = await runProgram('python3', ['-m', 'venv', '--clear', folder], { env, signal });
  if (made.code !== 0) return false;
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  const python = join(folder, 'bin', 'python');
  const { code, output } = await runProgram(python, [...pip, `moto[s3,server]==${VERSION}`], { env, signal });
  if (code !== 0) note(`pip: ${tellingLine(output.split('\n').filter(Boolean))}`);
  return code === 0;
}

/** The Python that has moto: the caller's, Debian's (which another one on PATH may hide), or the tests' own. */
async function findPython(context: Context, note: (text: string) => void): Promise<string | undefined> {
  const folder = join(context.state.folder, `moto-${VERSION}`);
  const own = join(folder, 'bin', 'python');
  for (const python of ['python3', '/usr/bin/python3', own])
    if (await hasMoto(context, python)) return python;
  return (await install(context, folder, note)) ? own : undefined;
}

/** Starts moto's S3 server, which takes any keys and forgets everything when it ends. Undefined where moto cannot be had. */
export async function startMoto(
  context: Context,
  record: RunRecord,
  note: (text: string) => void,
): Promise<S3Login | undefined> {
  const python = await findPython(context, note);
  if (!python) return undefined;
  const port = context.ports.s3;
  await requireFreePort(port, 'the S3 server of the tests', context.ports);
  const endpoint = `http://127.0.0.1:${port}`;
  await startServer(context, record, {
    name: S3_PROCESS,
    title: "moto's S3 server",
    port,
    command: python,
    args: ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)],
    env: context.env,
    isReady: () => answersHttp(endpoint),
  });
  return { endpoint, accessKeyId: 'moto', secretAccessKey: 'moto-secret' };
}
