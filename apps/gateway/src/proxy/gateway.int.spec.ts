import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { get, request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { serviceFolder, type Family } from '@slipway/platform-local';
import { invoke } from '../functions/invoke';
import { GatewaySetting, serving, until } from '../functions/testing/gateway-setting';

const SAYS_PID = serving(`response.end(String(process.pid));`);

async function text(url: string, init?: RequestInit): Promise<string> {
  return (await fetch(url, init)).text();
}

describe('the gateway', () => {
  let gateway: GatewaySetting;

  beforeAll(async () => {
    gateway = await GatewaySetting.create();
  });

  afterAll(() => gateway.remove());

  const families = async (root = gateway.root): Promise<Family[]> =>
    JSON.parse(await readFile(join(root, 'function-processes.json'), 'utf8')) as Family[];

  it('starts one process for 50 requests that come at once to a cold function', async () => {
    const cold = await GatewaySetting.create();
    try {
      const spec = await cold.spec('cold', SAYS_PID);
      await cold.services.apply(spec);
      await cold.pool.removed(spec.service);
      const pids = await Promise.all(Array.from({ length: 50 }, () => text(`${cold.url}/${spec.service}`)));
      expect(new Set(pids).size).toBe(1);
      expect(await families(cold.root)).toHaveLength(1);
    } finally {
      await cold.remove();
    }
  });

  it('answers right after the deployment, by path and by host name, with the process of the trial', async () => {
    const url = await gateway.deploy(
      'named',
      serving(`response.end(request.method + ' ' + request.url + ' ' + process.pid);`),
    );
    const first = await text(`${url}/a/b?c=d`, { method: 'PUT' });
    expect(first).toMatch(/^PUT \/a\/b\?c=d \d+$/);
    const service = url.slice(url.lastIndexOf('/') + 1);
    const asked = get(gateway.url, { path: '/a', headers: { host: `${service}.localhost:1` } });
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const body = Buffer.concat(await answer.toArray()).toString();
    expect(body).toBe(`GET /a ${first.split(' ')[2]}`);
  });

  it('gives a function its own variables and nothing of the gateway', async () => {
    const url = await gateway.deploy('variables', serving(`response.end(JSON.stringify(process.env));`), {
      env: { GREETING: 'hello', PORT: '1', K_SERVICE: 'stolen' },
    });
    const env = JSON.parse(await text(url)) as Record<string, string>;
    expect(Object.keys(env).sort()).toEqual(
      ['GREETING', 'HOME', 'HTTP_PORT', 'K_REVISION', 'K_SERVICE', 'LANG', 'PATH', 'PORT']
        .concat(['SLIPWAY_EVENT_SOURCE', 'SLIPWAY_EVENT_SUBJECT', 'SLIPWAY_EVENT_TYPE_PREFIX'])
        .concat(['SLIPWAY_PROCESS', 'TMPDIR'])
        .sort(),
    );
    expect(env).toMatchObject({
      K_SERVICE: url.slice(url.lastIndexOf('/') + 1),
      SLIPWAY_EVENT_SOURCE: 'network.notifi.acme',
      SLIPWAY_EVENT_SUBJECT: 'variables',
    });
    expect(env['PORT']).not.toBe('1');
  });

  it('stops an idle function and starts it again when it is called', async () => {
    const idle = await GatewaySetting.create(0.2);
    try {
      const url = await idle.deploy('idle', SAYS_PID);
      const before = await text(url);
      await until(async () => (await families(idle.root)).length === 0);
      expect(await text(url)).not.toBe(before);
    } finally {
      await idle.remove();
    }
  });

  it('answers 503 with Retry-After while a function that crashed must wait, then starts it again', async () => {
    const url = await gateway.deploy(
      'crashing',
      serving(`if (request.url === '/crash') process.exit(3); response.end('well');`),
    );
    const crashed = await fetch(`${url}/crash`);
    expect(crashed.status).toBe(502);
    expect(await crashed.json()).toMatchObject({ code: 'function_failed' });
    await until(async () => (await fetch(url)).status === 503);
    const refused = await fetch(url);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    await until(async () => (await text(url)) === 'well');
  });

  it('streams bodies in both directions as they come', async () => {
    const url = await gateway.deploy(
      'streaming',
      serving(
        `request.on('data', (chunk) => response.write('<' + chunk + '>')).on('end', () => response.end('.'));`,
      ),
    );
    const asked = request(url, { method: 'POST' });
    asked.write('one');
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    answer.setEncoding('utf8');
    expect((await once(answer, 'data'))[0]).toBe('<one>');
    asked.write('two');
    expect((await once(answer, 'data'))[0]).toBe('<two>');
    asked.end();
    expect((await once(answer, 'data'))[0]).toBe('.');
  });

  it('passes on headers as they are, save those of the connection', async () => {
    const url = await gateway.deploy(
      'headers',
      serving(
        `response.setHeader('Set-Cookie', ['a=1', 'b=2']); response.end(JSON.stringify(request.headers));`,
      ),
    );
    const headers = { 'x-own': 'yes', connection: 'x-hop', 'x-hop': 'no', 'x-forwarded-proto': 'forged' };
    const asked = get(url, { headers });
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const seen = JSON.parse(Buffer.concat(await answer.toArray()).toString()) as Record<string, string>;
    expect(seen).toMatchObject({
      'x-own': 'yes',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
    });
    expect(seen).not.toHaveProperty('x-hop');
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
  });

  it('answers 504 where a function takes too long, 404 where there is none', async () => {
    const url = await gateway.deploy('slow', serving(`request.resume();`), { timeout_seconds: 1 });
    const slow = await fetch(url, { method: 'POST', body: 'x' });
    expect([slow.status, slow.headers.get('content-type')]).toEqual([504, 'application/problem+json']);
    expect(await slow.json()).toMatchObject({ code: 'function_timeout' });
    const unknown = await fetch(`${gateway.url}/lambda-none`);
    expect([unknown.status, await unknown.json()]).toEqual([
      404,
      expect.objectContaining({ code: 'not_found' }),
    ]);
  });

  it('breaks off the call of a function when its caller goes', async () => {
    const url = await gateway.deploy(
      'left',
      serving(
        `if (request.url === '/state') return response.end(String(globalThis.gone)); request.on('close', () => (globalThis.gone = true));`,
      ),
    );
    const asked = get(url);
    asked.on('error', () => undefined);
    await until(() => asked.socket?.connecting === false);
    const caller = setInterval(() => asked.destroy(), 200);
    await until(async () => (await text(`${url}/state`)) === 'true');
    clearInterval(caller);
  });

  it('calls a function for an event and reads its whole answer', async () => {
    const url = await gateway.deploy(
      'invoked',
      serving(`response.setHeader('ce-type', 'x'); request.pipe(response.writeHead(201));`),
    );
    const service = url.slice(url.lastIndexOf('/') + 1);
    const answer = await invoke(gateway.pool, service, {
      headers: { 'content-type': 'text/plain' },
      body: Buffer.from('data'),
    });
    expect(answer).toMatchObject({ status: 201, headers: { 'ce-type': 'x' }, body: Buffer.from('data') });
    await expect(
      invoke(gateway.pool, 'lambda-none', { headers: {}, body: Buffer.alloc(0) }),
    ).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('keeps what a function prints in its own log', async () => {
    const url = await gateway.deploy('logging', serving(`console.log('I was called'); response.end();`));
    await text(url);
    const log = join(serviceFolder(gateway.root, url.slice(url.lastIndexOf('/') + 1)), 'log');
    await until(async () => (await readFile(log, 'utf8')).includes('I was called'));
  });
});
