import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BuildDetail } from '@slipway/contracts';
import { S3Server, eventually } from '@slipway/testing';

const run = promisify(execFile);
const ROOT = join(__dirname, '../..');
const LAUNCH = join(ROOT, 'tools/bootstrap/launch.mjs');

/** Short times, so that the tests see what takes minutes otherwise. */
const SETTINGS = {
  SOURCE_HTTP_HOSTS: '127.0.0.1',
  IDLE_SECONDS: '3',
  BUILD_MEMORY_LIMIT: String(1200 * 1024 * 1024),
  MAX_CONCURRENT_BUILDS: '3',
  MAX_CONCURRENT_BUILDS_PER_TENANT: '3',
  MONITOR_INTERVAL: '0.3',
  RECONCILE_INTERVAL: '5',
};

/** Bucket of those contexts that are asked for there. */
export const CONTEXT_BUCKET = 'slipway-e2e-contexts';

/** Where there is an S3 server for the tests, contexts may lie there as well. */
async function storeSettings(): Promise<NodeJS.ProcessEnv> {
  if (!process.env['S3_ENDPOINT']) return {};
  const server = new S3Server();
  await server.ensureBucket(CONTEXT_BUCKET);
  await server.close();
  return { CONTEXT_BUCKET, S3_FORCE_PATH_STYLE: 'on', AWS_REGION: server.region };
}

interface Status {
  api: string;
  events: string;
  functions: string;
  processes: { name: string; pid: number; running: boolean }[];
}

/** The whole system as `npm start` brings it up, on the servers and in the folder that `npm test` has set aside. */
export class System {
  private constructor(
    readonly api: string,
    readonly events: string,
    readonly functions: string,
  ) {}

  /** Brings it up, or finds it running. Apps that have ended are started again. */
  static async up(): Promise<System> {
    const env = { ...process.env, ...SETTINGS, ...(await storeSettings()), NODE_OPTIONS: '' };
    await run(process.execPath, [LAUNCH, 'start', '--detach', '--no-demo'], { cwd: ROOT, env });
    const { api, events, functions } = await System.status();
    return new System(api, events, functions);
  }

  static async status(): Promise<Status> {
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { stdout } = await run(process.execPath, [LAUNCH, 'status', '--json'], { cwd: ROOT, env }).catch(
      (error: { stdout: string }) => error,
    );
    return JSON.parse(stdout) as Status;
  }

  async pidOf(app: string): Promise<number> {
    const found = (await System.status()).processes.find(({ name }) => name === app);
    if (!found) throw new Error(`${app} is not among the processes`);
    return found.pid;
  }

  /** What a scrape of the app answers. */
  async metrics(app: 'api' | 'context-builder'): Promise<string> {
    const { hostname, port } = new URL(this.api);
    const offset = { api: 0, 'context-builder': 2 }[app];
    return (await fetch(`http://${hostname}:${Number(port) + offset}/metrics`)).text();
  }

  async get<T>(path: string): Promise<T> {
    return (await (await fetch(`${this.api}${path}`)).json()) as T;
  }

  async build(id: string): Promise<BuildDetail> {
    return (await this.get<{ build: BuildDetail }>(`/builds/${id}`)).build;
  }

  /** The newest build of a function, when there is one. */
  newest(tenant: string, parser: string): Promise<BuildDetail> {
    return eventually(`a build of ${tenant}/${parser}`, async () => {
      const list = await this.get<{ builds: BuildDetail[] }>(
        `/builds?third_party_id=${tenant}&parser_id=${parser}`,
      );
      return list.builds[0];
    });
  }

  /** The build after its end. */
  ended(id: string, ms = 120_000): Promise<BuildDetail> {
    return eventually(
      `the end of ${id}`,
      async () => {
        const build = await this.build(id);
        return build.status === 'pending' || build.status === 'running' ? undefined : build;
      },
      ms,
    );
  }

  /** The build after its function was deployed, or could not be. */
  deployed(id: string): Promise<BuildDetail> {
    return eventually(
      `the deployment of ${id}`,
      async () => {
        const build = await this.build(id);
        return ['ready', 'failed'].includes(build.deployment.status) ? build : undefined;
      },
      60_000,
    );
  }

  /** Sends build.start in structured mode over HTTP and returns the build's id. */
  async start(
    tenant: string,
    parser: string,
    data: object,
    id = `${tenant}-${parser}-${Date.now()}`,
  ): Promise<string> {
    const response = await fetch(`${this.events}/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify({ ...startEvent(tenant, parser, id), data }),
    });
    const answer = (await response.json()) as { build_id: string; detail?: string };
    if (response.status !== 202) throw new Error(`${response.status}: ${answer.detail}`);
    return answer.build_id;
  }
}

export const START = 'network.notifi.lambda.build.start';

export function startEvent(tenant: string, parser: string, id: string) {
  return { specversion: '1.0', id, source: `network.notifi.${tenant}`, type: START, subject: parser };
}

/** A function without dependencies that says what it was told to say. */
export function saying(text: string): object {
  const code = `module.exports = async () => ({ said: ${JSON.stringify(text)} });\n`;
  return { source: { kind: 'inline', files: { 'index.js': code } }, runtime: 'nodejs24' };
}

function objects(): string {
  const folder = process.env['SLIPWAY_STATE_DIR'];
  if (!folder) throw new Error('SLIPWAY_STATE_DIR is not set: run the tests with `npm test`.');
  return join(folder, 'objects', 'slipway-sources');
}

/** Puts the example of a runtime into the object store. */
export async function uploadExample(runtime: string, key: string): Promise<void> {
  await cp(join(ROOT, 'libs/runtimes', runtime, 'example'), join(objects(), key), { recursive: true });
}
