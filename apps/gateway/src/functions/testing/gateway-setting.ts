import { randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { revisionNameOf, serviceNameOf, type DeployOptions, type ServiceSpec } from '@slipway/domain';
import { LocalServiceRunner } from '@slipway/platform-local';
import { ControlServer } from '../../control/control-server';
import { FunctionCatalogue } from '../function-catalogue';
import { FunctionPool } from '../function-pool';
import { ProcessRegistry } from '../process-registry';
import { ProcessStarter } from '../process-starter';
import { ProxyServer } from '../../proxy/proxy-server';
import { silent } from './functions';

/** A gateway over a state folder of its own, whose images are scripts that a test writes. */
export class GatewaySetting {
  private sequence = 0;
  private readonly scripts = new Map<string, string>();
  pool!: FunctionPool;
  services!: LocalServiceRunner;
  url!: string;
  private catalogue!: FunctionCatalogue;
  private proxy!: ProxyServer;
  private control!: ControlServer;

  private constructor(readonly root: string) {}

  static async create(idleSeconds = 60): Promise<GatewaySetting> {
    const root = await mkdtemp(join(tmpdir(), 'slipway-gateway-'));
    await chmod(root, 0o755);
    await mkdir(join(root, 'scripts'));
    const setting = new GatewaySetting(root);
    await setting.start(idleSeconds);
    return setting;
  }

  async start(idleSeconds: number): Promise<void> {
    const { root } = this;
    const registry = new ProcessRegistry(root, silent);
    await registry.endLeftovers();
    const starter = new ProcessStarter({
      root,
      registry,
      commandOf: ({ digest }) => {
        const script = this.scripts.get(digest) ?? '';
        return Promise.resolve({
          command: process.execPath,
          args: [script],
          env: {},
          cwd: root,
          anyAnswer: false,
        });
      },
      events: { sourcePrefix: 'network.notifi.', typePrefix: 'network.notifi.lambda.' },
      path: '/usr/bin:/bin',
      log: silent,
      readyMs: 5_000,
      graceMs: 1_000,
    });
    this.catalogue = new FunctionCatalogue({ root, log: silent, everyMs: 200 });
    const clock = { now: () => Date.now() };
    this.pool = new FunctionPool({ catalogue: this.catalogue, starter, clock, log: silent, idleSeconds });
    this.proxy = new ProxyServer({ pool: this.pool, log: silent });
    this.control = new ControlServer({ root, pool: this.pool });
    await this.catalogue.start();
    this.pool.start();
    await this.control.start();
    this.url = `http://127.0.0.1:${await this.proxy.listen('127.0.0.1', 0)}`;
    this.services = new LocalServiceRunner({ root, gatewayUrl: this.url });
  }

  /** What a deployment of `script` wishes for. */
  async spec(parser: string, script: string, options: DeployOptions = {}): Promise<ServiceSpec> {
    const digest = `sha256:${randomUUID().replaceAll('-', '').repeat(2)}`;
    const file = join(this.root, 'scripts', `${digest.slice(7)}.js`);
    await writeFile(file, script);
    this.scripts.set(digest, file);
    const service = serviceNameOf('acme', parser);
    return {
      service,
      revision: revisionNameOf(service, digest, JSON.stringify(options)),
      tenant: 'acme',
      parser,
      sequence: ++this.sequence,
      artifact: { kind: 'image', uri: 'local/images:x', digest },
      options,
      triggers: [],
    };
  }

  /** Deploys a script and returns its address. */
  async deploy(parser: string, script: string, options: DeployOptions = {}): Promise<string> {
    return (await this.services.apply(await this.spec(parser, script, options))).url;
  }

  async stop(): Promise<void> {
    this.catalogue.stop();
    await this.control.stop();
    await this.proxy.close(500);
    await this.pool.close();
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.root, { recursive: true, force: true });
  }
}

export async function until(look: () => boolean | Promise<boolean>, withinMs = 15_000): Promise<void> {
  for (const end = Date.now() + withinMs; Date.now() < end; await pause(20)) if (await look()) return;
  throw new Error('it did not come about in time');
}

/** A function's script: `body` handles `(request, response)`; readiness is answered before it. */
export function serving(body: string): string {
  return `
    const { createServer } = require('node:http');
    console.log('function starts');
    createServer((request, response) => {
      if (request.url === '/health/readiness') return response.end('ok');
      ${body}
    }).listen(process.env.PORT, '127.0.0.1');`;
}
