import { source } from '../../test/built-example';
import { EVENT_HEADERS, post, told } from '../../test/calls';
import { HostBuildTrial } from '../../test/host-build-trial';
import { programsNamed } from './tools/find-programs';
import { hostEnvironment } from './config';

const SLOW = 240_000;
const COMPLETE = 'network.notifi.lambda.parser.complete';
const FAILED = 'network.notifi.lambda.parser.failed';

let trial: HostBuildTrial;
let count = 0;

beforeAll(async () => {
  trial = await HostBuildTrial.open();
  await trial.prepareNode();
}, SLOW);

afterEach(() => trial.stopFunctions());
afterAll(() => trial.close());

function serve(files: Record<string, string>): Promise<string> {
  return trial.serve(`function-${++count}`, source(files));
}

test.each<[string, Record<string, string>]>([
  [
    'module.exports with an event',
    { 'parser.js': 'module.exports = async (event) => ({ got: (event.data ?? event).n });' },
  ],
  [
    'module.exports with a context',
    {
      'parser.js':
        'module.exports = async (context) => ({ got: (context.cloudevent?.data ?? context.body).n });',
    },
  ],
  [
    'exports.handler with event and context',
    { 'index.js': 'exports.handler = async (event, context) => ({ got: (event.data ?? event).n });' },
  ],
  [
    'exports.handle in the order of the middleware',
    { 'index.js': 'exports.handle = (context, e) => ({ got: (context.cloudevent ? e.data : e).n });' },
  ],
  ['a default export', { 'index.mjs': 'export default ({ data, n }) => ({ got: data?.n ?? n });' }],
  [
    'TypeScript',
    {
      'index.ts':
        'type In = { n: number; data?: In };\nexport const handle = async (event: In): Promise<{ got: number }> => ({ got: (event.data ?? event).n });',
    },
  ],
  [
    'TypeScript in several files',
    {
      'parser.ts':
        'import { got, type In } from "./got.ts";\nexport default (event: In): { got: number } => got(event.data ?? event);',
      'got.ts':
        'export interface In { n: number; data?: In }\nexport const got = (value: In): { got: number } => ({ got: value.n });',
      'package.json': '{"name":"x","version":"1.0.0","type":"module"}',
    },
  ],
  [
    'what a build script writes, where `main` names it',
    {
      'src/index.ts':
        'enum Key { n = "n" }\nexport const handle = (event: any) => ({ got: (event.data ?? event)[Key.n] });',
      'build.cjs':
        'const { mkdirSync, writeFileSync } = require("node:fs"); mkdirSync("dist"); writeFileSync("dist/index.js", "exports.handle = (event) => ({ got: (event.data ?? event).n });");',
      'package.json':
        '{"name":"x","version":"1.0.0","main":"dist/index.js","scripts":{"build":"node build.cjs"}}',
    },
  ],
  ['Python: main(context)', { 'parser.py': 'def main(context):\n    return {"got": context.body["n"]}\n' }],
  [
    'Python: async handle(event)',
    { 'parser.py': 'async def handle(event):\n    return {"got": event.get("data", event)["n"]}\n' },
  ],
  [
    'Python: an instance of new()',
    {
      'func.py':
        'class F:\n    def handle(self, event, context):\n        return {"got": context.body["n"]}\n\ndef new():\n    return F()\n',
    },
  ],
])(
  '%s: a value answers a request, and becomes the data of an event',
  async (_, files) => {
    const url = await serve(files);
    expect(await told(await post(url, { n: 7 }))).toEqual({ status: 200, body: { got: 7 } });
    expect(await told(await post(url, { n: 7 }, EVENT_HEADERS))).toEqual({
      status: 200,
      type: COMPLETE,
      body: { got: 7 },
    });
  },
  SLOW,
);

test.each<[string, Record<string, string>]>([
  [
    'Node',
    {
      'parser.js':
        'module.exports = (context) => { const { retry } = context.cloudevent.data; throw Object.assign(new Error("no"), { retryable: retry }); };',
    },
  ],
  [
    'Python',
    {
      'parser.py':
        'class No(Exception):\n    pass\n\ndef main(context):\n    error = No("no")\n    error.retryable = context.body["retry"]\n    raise error\n',
    },
  ],
])(
  '%s: what is thrown becomes parser.failed, and 500 only where trying again may help',
  async (_, files) => {
    const url = await serve(files);
    const lasting = await told(await post(url, { retry: false }, EVENT_HEADERS));
    expect(lasting).toEqual({ status: 200, type: FAILED, body: { message: 'no', retryable: false } });
    const passing = await told(await post(url, { retry: true }, EVENT_HEADERS));
    expect(passing).toEqual({ status: 500, type: FAILED, body: { message: 'no', retryable: true } });
  },
  SLOW,
);

test(
  'an event without an answer is answered by nothing',
  async () => {
    const url = await serve({ 'parser.js': 'module.exports = () => undefined;' });
    expect(await told(await post(url, {}, EVENT_HEADERS))).toEqual({ status: 204, body: '' });
  },
  SLOW,
);

test(
  'an event that is returned passes as it is',
  async () => {
    const url = await serve({
      'parser.js':
        'module.exports = (event) => ({ specversion: "1.0", type: "my.type", source: "me", data: { x: 1 } });',
    });
    expect(await told(await post(url, {}, EVENT_HEADERS))).toEqual({
      status: 200,
      type: 'my.type',
      body: { x: 1 },
    });
  },
  SLOW,
);

test(
  'a start script is run, and a file without a handler serves PORT itself',
  async () => {
    const server =
      'require("node:http").createServer((q, s) => s.end(process.argv[2] ?? "plain")).listen(process.env.PORT);';
    const scripted = await serve({
      'web.js': server,
      'package.json': '{"name":"x","version":"1.0.0","scripts":{"start":"node web.js scripted"}}',
    });
    expect(await told(await fetch(scripted))).toEqual({ status: 200, body: 'scripted' });
    const plain = await serve({ 'server.js': server });
    expect(await told(await fetch(plain))).toEqual({ status: 200, body: 'plain' });
  },
  SLOW,
);

(programsNamed('go', hostEnvironment().searchPath).length > 0 ? test : test.skip)(
  'Go: Knative event handlers, and a program of its own',
  async () => {
    const handler = await serve({
      'go.mod': 'module f\n\ngo 1.21\n\nrequire github.com/cloudevents/sdk-go/v2 v2.15.2\n',
      'handle.go': `package f

import (
	"context"
	"errors"

	"github.com/cloudevents/sdk-go/v2/event"
)

func Handle(ctx context.Context, e event.Event) (*event.Event, error) {
	if e.Subject() == "fail" {
		return nil, errors.New("no")
	}
	e.SetType("my.type")
	return &e, nil
}
`,
    });
    expect(await told(await post(handler, { n: 1 }, EVENT_HEADERS))).toEqual({
      status: 200,
      type: 'my.type',
      body: { n: 1 },
    });
    expect(await told(await post(handler, {}, { ...EVENT_HEADERS, 'ce-subject': 'fail' }))).toEqual({
      status: 200,
      type: FAILED,
      body: { message: 'no', retryable: false },
    });
    const own = await serve({
      'go.mod': 'module own\n\ngo 1.21\n',
      'main.go': `package main

import (
	"fmt"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "own") })
	http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil)
}
`,
    });
    expect(await told(await fetch(own))).toEqual({ status: 200, body: 'own' });
  },
  SLOW,
);
