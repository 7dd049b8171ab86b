import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { zip } from './zip';

const USER = 'operator';
export const PASSWORD = 'pa55w0rd';
const AUTHORIZATION = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;

/** Knows the package managers themselves, which are packages too. */
const UPSTREAM = process.env['npm_config_registry'] ?? 'https://registry.npmjs.org/';

type Files = Readonly<Record<string, string>>;

/**
 * One package, `slipway-sample`, as the registries of npm, Python and Go serve it, to those who show user and password:
 * below `/npm/`, `/simple/` and `/go/`. Other npm packages
 * it leaves to the public registry. `requests` holds the paths that were asked for with them, `refused` those without.
 */
export class PackageRegistry {
  readonly requests: string[] = [];
  readonly refused: string[] = [];
  private readonly server = createServer((request, response) => void this.answer(request, response));

  static async start(): Promise<PackageRegistry> {
    const registry = new PackageRegistry();
    registry.server.listen(0, '127.0.0.1');
    await once(registry.server, 'listening');
    return registry;
  }

  /** Address of one of its parts, with the credentials in it. */
  url(part: 'npm' | 'simple'): string {
    return `http://${USER}:${PASSWORD}@${this.host}/${part}/`;
  }

  get goProxy(): string {
    return `http://${this.host}/go`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private async answer({ url = '', headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    // Go shows no credentials over plain http.
    if (headers.authorization !== AUTHORIZATION && !url.startsWith('/go/')) {
      this.refused.push(url);
      response.writeHead(401, { 'www-authenticate': 'Basic realm="packages"' }).end();
      return;
    }
    this.requests.push(url);
    if (/^\/npm\/(?!slipway-sample)/.test(url)) {
      response.writeHead(302, { location: `${UPSTREAM}${url.slice('/npm/'.length)}` }).end();
      return;
    }
    const body = await this.fileAt(url);
    const caching = { 'cache-control': 'max-age=600', etag: `"${url}"` };
    response.writeHead(
      body === undefined ? 404 : 200,
      body === undefined ? {} : { ...caching, ...typeOf(url) },
    );
    response.end(body);
  }

  private async fileAt(path: string): Promise<Buffer | string | undefined> {
    switch (path) {
      case '/npm/slipway-sample':
        return packument(`http://${this.host}/npm/slipway-sample.tgz`, await npmArchive());
      case '/npm/slipway-sample.tgz':
        return npmArchive();
      case '/simple/slipway-sample/':
        return `<a href="/simple/${WHEEL}">${WHEEL}</a>`;
      case `/simple/${WHEEL}`:
        return wheel();
      case `/go/${MODULE}/@v/v1.0.0.info`:
        return JSON.stringify({ Version: 'v1.0.0', Time: '2026-01-01T00:00:00Z' });
      case `/go/${MODULE}/@v/v1.0.0.mod`:
        return GO_MOD;
      case `/go/${MODULE}/@v/v1.0.0.zip`:
        return goModule();
      default:
        return undefined;
    }
  }
}

function typeOf(path: string): Record<string, string> {
  if (path.endsWith('/')) return { 'content-type': 'text/html' };
  return path.endsWith('slipway-sample') ? { 'content-type': 'application/json' } : {};
}

async function npmArchive(): Promise<Buffer> {
  const tar = pack();
  tar.entry(
    { name: 'package/package.json', mtime: new Date(0) },
    '{"name":"slipway-sample","version":"1.0.0"}',
  );
  tar.entry({ name: 'package/index.js', mtime: new Date(0) }, 'module.exports = 7;');
  tar.finalize();
  return buffer(tar.pipe(createGzip()));
}

function packument(tarball: string, archive: Buffer): string {
  const dist = { tarball, integrity: `sha512-${createHash('sha512').update(archive).digest('base64')}` };
  const version = { name: 'slipway-sample', version: '1.0.0', dist };
  return JSON.stringify({
    name: 'slipway-sample',
    'dist-tags': { latest: '1.0.0' },
    versions: { '1.0.0': version },
    // Yarn keeps away from what is younger than a day, or of unknown age.
    time: { '1.0.0': '2026-01-01T00:00:00.000Z' },
  });
}

const WHEEL = 'slipway_sample-1.0.0-py3-none-any.whl';

function wheel(): Buffer {
  const info = 'slipway_sample-1.0.0.dist-info';
  const files: Files = {
    'slipway_sample.py': 'VALUE = 7\n',
    [`${info}/METADATA`]: 'Metadata-Version: 2.1\nName: slipway-sample\nVersion: 1.0.0\n',
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: spec\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: `slipway_sample.py,,\n${info}/METADATA,,\n${info}/WHEEL,,\n${info}/RECORD,,\n`,
  };
  return zip(files);
}

export const MODULE = 'slipway.example/sample';
const GO_MOD = `module ${MODULE}\n\ngo 1.21\n`;

function goModule(): Buffer {
  const folder = `${MODULE}@v1.0.0`;
  return zip({
    [`${folder}/go.mod`]: GO_MOD,
    [`${folder}/sample.go`]: 'package sample\n\nconst Value = "7"\n',
  });
}
