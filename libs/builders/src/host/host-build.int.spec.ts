import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RUNTIMES, source, sourceIn, type BuildRun } from '../../test/built-example';
import { EVENT_HEADERS, post } from '../../test/calls';
import { hasInterpreter } from '../../test/elf';
import { HostBuildTrial } from '../../test/host-build-trial';
import { MODULE, PackageRegistry } from '../../test/package-registry';
import { outcomeOf } from './outcome/outcome';
import { hostEnvironment } from './config';
import { programsNamed } from './tools/find-programs';

/** A first build fetches everything: the middleware, and the modules of the example. */
const SLOW = 240_000;

let trial: HostBuildTrial;
let registry: PackageRegistry;
let count = 0;

beforeAll(async () => {
  [trial, registry] = await Promise.all([HostBuildTrial.open(), PackageRegistry.start()]);
  await trial.prepareNode();
}, SLOW);

afterEach(() => trial.stopFunctions());
afterAll(() => Promise.all([trial.close(), registry.stop()]));

const GO = programsNamed('go', hostEnvironment().searchPath).length > 0;
const EXAMPLES = ['nodejs', 'python', ...(GO ? ['go'] : [])];

test.each(EXAMPLES)(
  'the example of %s is built, and answers a request and an event',
  async (family) => {
    const url = await trial.serve(family, await sourceIn(join(RUNTIMES, family, 'example')));

    const answer = await post(url, { name: 'Ada' });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ message: 'Hello, Ada!' });

    const reply = await post(url, { name: 'Ada' }, EVENT_HEADERS);
    expect(reply.status).toBe(200);
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'ce-type': 'network.notifi.lambda.parser.complete',
      'ce-source': 'network.notifi.acme',
      'ce-subject': 'hello',
      'ce-correlationid': 'c-1',
      'ce-causationid': 'e-1',
    });
    expect(await reply.json()).toMatchObject({ message: 'Hello, Ada!' });
  },
  SLOW,
);

// Without a toolchain the run says what it left out.
if (!GO) test.skip('the example of go is built, and answers a request and an event', () => undefined);

test(
  'an image names what is started, and nothing of the place where it was built',
  async () => {
    const built = await trial.build('image', await sourceIn(join(RUNTIMES, 'nodejs', 'example')));
    const manifest = await readFile(join(built.image, 'image.json'), 'utf8');
    expect(JSON.parse(manifest)).toMatchObject({
      schema: 1,
      runtime: 'nodejs',
      requestedVersion: '24',
      interpreter: 'nodejs',
      args: ['{wrapper}/start.mjs', '{image}/app/parser.js'],
    });
    await expect(readFile(join(built.image, 'app/node_modules/ms/package.json'))).resolves.toBeDefined();
    await expect(readFile(join(built.image, 'app/.slipway/plan.json'))).rejects.toThrow('ENOENT');
  },
  SLOW,
);

const HANDLER = 'module.exports = () => 1;';

test.each([
  [
    'a dependency that does not exist',
    'dependency_install',
    { 'parser.js': HANDLER, 'package.json': '{"name":"x","version":"1.0.0","dependencies":{"ms":"99.0.0"}}' },
  ],
  [
    'a build script that fails',
    'build_command',
    {
      'parser.js': HANDLER,
      'package.json': '{"name":"x","version":"1.0.0","scripts":{"build":"node missing.js"}}',
    },
  ],
  [
    'a build script that does not write what `main` names',
    'build_command',
    {
      'package.json':
        '{"name":"x","version":"1.0.0","main":"dist/x.js","scripts":{"build":"node --version"}}',
    },
  ],
  [
    "the source's own Dockerfile",
    'builder_unsupported',
    { 'parser.js': HANDLER, Dockerfile: 'FROM scratch\n' },
  ],
])(
  '%s ends the build with %s',
  async (_, code, files) => {
    const { exitCode, lines } = await trial.build(`failing-${++count}`, source(files));
    expect(exitCode).not.toBe(0);
    const outcome = outcomeOf({ exitCode: exitCode ?? undefined, head: [], tail: lines });
    expect(outcome).toMatchObject({ status: 'failed', cause: { code } });
  },
  SLOW,
);

const MODULE_USER = {
  'go.mod': `module own\n\ngo 1.21\n\nrequire ${MODULE} v1.0.0\n`,
  'main.go': `package main

import "${MODULE}"

func main() { println(sample.Value) }
`,
};

function buildModule(files: Record<string, string>): Promise<BuildRun> {
  const environment = { GOPROXY: registry.goProxy, GONOSUMDB: 'slipway.example/*' };
  return trial.build(`module-${++count}`, source({ ...MODULE_USER, ...files }), environment);
}

// Without a toolchain the run says what it left out.
(GO ? test : test.skip)(
  "modules come from the operator's proxy, once for several builds, into a program without an interpreter",
  async () => {
    const first = await buildModule({});
    expect(first.exitCode === 0 ? '' : first.lines.join('\n')).toBe('');
    const second = await buildModule({
      'main.go': MODULE_USER['main.go'].replace('sample.Value', '"x"+sample.Value'),
    });
    expect(second.exitCode === 0 ? '' : second.lines.join('\n')).toBe('');
    expect(hasInterpreter(await readFile(join(second.image, 'bin/function')))).toBe(false);
    expect(registry.requests.filter((path) => path.endsWith('.zip'))).toHaveLength(1);
  },
  SLOW,
);

const BAD_SUM = `${MODULE} v1.0.0 h1:AAAvr7Qm1x5lcIU8XqG0bCLOxGoTrGgeTfBLBOWdYAo=\n`;

(GO ? test : test.skip).each([
  ['another checksum', BAD_SUM, 'checksum mismatch'],
  [
    'no checksum for a module',
    'example.com/other v1.0.0/go.mod h1:AAAvr7Qm1x5lcIU8XqG0bCLOxGoTrGgeTfBLBOWdYAo=\n',
    'missing go.sum entry',
  ],
])(
  'a go.sum with %s fails as an installation, by its own line',
  async (_, sums, line) => {
    const { exitCode, lines } = await buildModule({ 'go.sum': sums });
    const outcome = outcomeOf({ exitCode: exitCode ?? undefined, head: [], tail: lines });
    expect(outcome).toMatchObject({
      status: 'failed',
      cause: { code: 'dependency_install', retryable: false, log_line: expect.stringContaining(line) },
    });
  },
  SLOW,
);
