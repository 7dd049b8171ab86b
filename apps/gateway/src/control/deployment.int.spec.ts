import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, type Family } from '@slipway/platform-local';
import { ProcessRegistry } from '../functions/process-registry';
import { silent } from '../functions/testing/functions';
import { GatewaySetting, serving, until } from '../functions/testing/gateway-setting';

const SAYS_PID = serving(`response.end(String(process.pid));`);

async function text(url: string): Promise<string> {
  return (await fetch(url)).text();
}

describe('a deployment', () => {
  let gateway: GatewaySetting;

  beforeAll(async () => {
    gateway = await GatewaySetting.create();
  });

  afterAll(() => gateway.remove());

  const families = async (root = gateway.root): Promise<Family[]> =>
    JSON.parse(await readFile(join(root, 'function-processes.json'), 'utf8')) as Family[];

  it('refuses a revision that crashes, says its last words, and lets the earlier one serve', async () => {
    const url = await gateway.deploy('careful', serving(`response.end('first');`));
    const bad = await gateway.spec(
      'careful',
      `console.log('on my way'); throw new TypeError('no such thing');`,
    );
    await expect(gateway.services.apply(bad)).rejects.toMatchObject({
      code: 'function_crashed',
      logLine: 'TypeError: no such thing',
    });
    expect(await text(url)).toBe('first');
    await expect(gateway.services.status(bad.service)).resolves.toMatchObject({
      status: 'ready',
      sequence: bad.sequence - 1,
    });
  });

  it('refuses a revision that never listens, and leaves nothing of it', async () => {
    const before = (await families()).length;
    const mute = await gateway.spec(
      'mute',
      `console.log('I wait for nothing'); setInterval(() => {}, 1000);`,
    );
    await expect(gateway.services.apply(mute)).rejects.toMatchObject({
      code: 'function_not_ready',
      logLine: 'I wait for nothing',
    });
    expect(await families()).toHaveLength(before);
  });

  it('switches to a new revision without a failed request', async () => {
    const url = await gateway.deploy('switched', serving(`setTimeout(() => response.end('old'), 30);`));
    let over = false;
    const statuses = new Set<number>();
    const callers = Array.from({ length: 5 }, async () => {
      while (!over) statuses.add((await fetch(url)).status);
    });
    await gateway.deploy('switched', serving(`response.end('new');`));
    await until(async () => (await text(url)) === 'new');
    over = true;
    await Promise.all(callers);
    expect([...statuses]).toEqual([200]);
  });

  it('ends the process and forgets the function when it is removed', async () => {
    const url = await gateway.deploy('removed', SAYS_PID);
    const pid = Number(await text(url));
    const service = url.slice(url.lastIndexOf('/') + 1);
    const [family] = (await families()).filter(({ leader }) => leader?.pid === pid);
    await gateway.services.remove(service);
    expect(family?.leader && isAlive(family.leader)).toBe(false);
    expect((await fetch(url)).status).toBe(404);
    await expect(gateway.services.status(service)).resolves.toBeUndefined();
  });

  it('ends the functions that a killed gateway has left, when it starts', async () => {
    const killed = await GatewaySetting.create();
    const url = await killed.deploy('left-over', SAYS_PID);
    const [family] = await families(killed.root);
    expect(family?.leader?.pid).toBe(Number(await text(url)));
    await expect(new ProcessRegistry(killed.root, silent).endLeftovers()).resolves.toBe(1);
    expect(family?.leader && isAlive(family.leader)).toBe(false);
    await killed.remove();
  });

  it('lets the newer of two deployments serve, although the older one takes longer', async () => {
    const slow = `setTimeout(() => { ${serving(`response.end('old');`)} }, 400);`;
    const older = await gateway.spec('raced', slow);
    const newer = await gateway.spec('raced', serving(`response.end('new');`));
    const states = await Promise.all([gateway.services.apply(older), gateway.services.apply(newer)]);
    expect(states.map((state) => state.sequence)).toEqual([newer.sequence, newer.sequence]);
    await until(async () => (await text(states[0].url)) === 'new');
  });

  it('says unavailable to the deployer when no gateway runs, and leaves alone what is newer', async () => {
    const alone = await GatewaySetting.create();
    const first = await alone.spec('alone', SAYS_PID);
    const second = await alone.spec('alone', SAYS_PID);
    await alone.services.apply(second);
    await expect(alone.services.apply(first)).resolves.toMatchObject({
      revision: second.revision,
      sequence: 2,
    });
    const third = await alone.spec('alone', SAYS_PID);
    await alone.stop();
    await expect(alone.services.apply(third)).rejects.toMatchObject({ code: 'unavailable' });
    await alone.start(60);
    await alone.remove();
  });
});
