import { Clients } from './clients.ts';
import { FakeSystem, type Reply, type Request } from './fake-system.ts';
import { OutsideView } from './outside-view.ts';
import { sourceOf, typeOf, type Command, type Wish } from './wish.ts';

/** No wish of these specs goes to the broker. */
const NO_BROKER = 'amqp://127.0.0.1:1';

function start(id: string): Command {
  const data = { source: { kind: 'inline', files: { 'index.js': id } } };
  return {
    specversion: '1.0',
    id,
    source: sourceOf('acme'),
    type: typeOf('build.start'),
    subject: 'greet',
    data,
  };
}

const accepted = (id: string): Reply => ({ status: 202, body: { build_id: `build-${id}` } });
const problem = (status: number, code: string, headers?: Record<string, string>): Reply => ({
  status,
  body: { status, code },
  ...(headers ? { headers } : {}),
});

function startWish(id: string): Wish {
  return { at: 0, kind: 'start', command: start(id), door: 'http-structured', uploads: [] };
}

describe('the clients over HTTP', () => {
  let system: FakeSystem | undefined;
  let view: OutsideView;

  beforeEach(() => {
    view = new OutsideView();
  });
  afterEach(async () => {
    await system?.close();
    system = undefined;
  });

  /** Carries out the wishes one after the other against a system that answers so. */
  async function carryOut(list: Wish[], answer: (request: Request) => Reply): Promise<Request[]> {
    system = await FakeSystem.listen(answer);
    const { url } = system;
    const doors = { amqp: NO_BROKER, api: url, events: url, functions: url };
    const signal = new AbortController().signal;
    const clients = new Clients({ doors, view, uploads: undefined, signal });
    for (const wish of list) await clients.carryOut(wish);
    await clients.close();
    return system.requests;
  }

  const idOf = ({ body }: Request): unknown => (JSON.parse(body) as { id?: unknown }).id;

  it('send the very same event again until it is taken over', async () => {
    const replies: Reply[] = [
      'broken',
      problem(503, 'unavailable'),
      problem(429, 'queue_full', { 'retry-after': '0' }),
      accepted('e1'),
    ];
    const requests = await carryOut([startWish('e1')], () => replies.shift()!);
    expect(requests).toHaveLength(4);
    expect(new Set(requests.map(({ body }) => body))).toEqual(new Set([JSON.stringify(start('e1'))]));
    expect(view.counts).toEqual({ 'again:away': 1, 'again:503': 1, 'again:429': 1, 'start:202': 1 });
    expect(view.observed.starts).toMatchObject([
      {
        tenant: 'acme',
        parser: 'greet',
        source: 'network.notifi.acme',
        id: 'e1',
        by: 'http',
        buildId: 'build-e1',
      },
    ]);
  });

  it('wait as long as Retry-After says', async () => {
    const times: number[] = [];
    const replies: Reply[] = [problem(429, 'queue_full', { 'retry-after': '1' }), accepted('e1')];
    await carryOut([startWish('e1')], () => {
      times.push(performance.now());
      return replies.shift()!;
    });
    // A timer may be early by a part of a millisecond.
    expect(times[1]! - times[0]!).toBeGreaterThan(990);
  });

  it('keep the same id in the headers of binary mode', async () => {
    const replies: Reply[] = [problem(500, 'internal_error'), accepted('e1')];
    const wish: Wish = { at: 0, kind: 'start', command: start('e1'), door: 'http-binary', uploads: [] };
    const requests = await carryOut([wish], () => replies.shift()!);
    expect(requests.map(({ headers }) => headers['ce-id'])).toEqual(['e1', 'e1']);
    expect(JSON.parse(requests[1]!.body)).toEqual(start('e1').data);
  });

  it('note a refusal that nobody expects, and do not count the event as taken over', async () => {
    await carryOut([startWish('e1')], () => problem(422, 'invalid_event'));
    expect(view.observed.starts).toEqual([]);
    expect(view.counts).toEqual({ 'unexpected:422:start': 1 });
    expect(view.surprises).toEqual([expect.stringContaining('invalid_event')]);
  });

  it('note a repeated event once, and are surprised by a second build', async () => {
    const repeat: Wish = { at: 0, kind: 'repeat', command: start('e1'), door: 'http-structured' };
    let build = 0;
    await carryOut([startWish('e1'), repeat], () => accepted(String((build += 1))));
    expect(view.observed.starts).toHaveLength(1);
    expect(view.counts['unexpected:202:another build']).toBe(1);
  });

  it.each<[string, Reply, string, number]>([
    ['expect its refusal', problem(422, 'event_id_reused'), 'conflict:422', 0],
    ['are surprised where it is taken', accepted('other'), 'unexpected:202:conflict', 1],
  ])('send another content under a used id, and %s', async (_what, reply, count, surprises) => {
    const command = { ...start('e1'), data: { other: true } };
    const wish: Wish = { at: 0, kind: 'conflict', of: 'e1', command, door: 'http-structured' };
    await carryOut([startWish('e1'), wish], ({ body }) => (body.includes('other') ? reply : accepted('e1')));
    expect(view.counts[count]).toBe(1);
    expect(view.surprises).toHaveLength(surprises);
    expect(view.observed.starts).toHaveLength(1);
  });

  it('send of a batch only that again which was not taken', async () => {
    const commands = [start('e1'), start('e2'), start('e3')];
    const wish: Wish = { at: 0, kind: 'batch', commands, uploads: [] };
    const replies: Reply[] = [
      { status: 202, body: [{ build_id: 'b1' }, { problem: { status: 429 } }, { problem: { status: 422 } }] },
      { status: 202, body: [{ build_id: 'b2' }] },
    ];
    const requests = await carryOut([wish], () => replies.shift()!);
    const sent = requests.map(({ body }) => (JSON.parse(body) as Command[]).map(({ id }) => id));
    expect(sent).toEqual([['e1', 'e2', 'e3'], ['e2']]);
    expect(view.observed.starts.map(({ id, buildId }) => [id, buildId])).toEqual([
      ['e1', 'b1'],
      ['e2', 'b2'],
    ]);
    expect(view.counts['unexpected:422:batch']).toBe(1);
  });

  const cancel: Wish = { at: 0, kind: 'cancel', of: 'e1', delay: 0 };

  it.each<[string, Reply, object[], number]>([
    ['is done', { status: 200 }, [{ buildId: 'build-e1', by: 'http', status: 200 }], 0],
    ['comes late', problem(409, 'build_terminal'), [{ buildId: 'build-e1', status: 409 }], 0],
    ['names a build that is gone', problem(404, 'unknown_build'), [], 1],
  ])('note a cancel over REST that %s', async (_what, reply, cancels, surprises) => {
    const requests = await carryOut([startWish('e1'), cancel], ({ path }) =>
      path === '/events' ? accepted('e1') : reply,
    );
    expect(requests[1]).toMatchObject({ method: 'POST', path: '/builds/build-e1/cancel' });
    expect(view.observed.cancels).toMatchObject(cancels);
    expect(view.observed.cancels).toHaveLength(cancels.length);
    expect(view.surprises).toHaveLength(surprises);
  });

  it('note every build that a cancel of a whole function has met', async () => {
    const command = { ...start('c1'), type: typeOf('build.cancel'), data: {} };
    const event = { whole: true, command, door: 'http-structured' } as const;
    await carryOut([startWish('e1'), { ...cancel, event }], (request) =>
      idOf(request) === 'c1' ? { status: 202, body: { cancelled: ['b1', 'b2'] } } : accepted('e1'),
    );
    expect(view.observed.cancels.map(({ buildId, status }) => [buildId, status])).toEqual([
      ['b1', 202],
      ['b2', 202],
    ]);
  });

  it('name the build in a cancel event for one build', async () => {
    const command = { ...start('c1'), type: typeOf('build.cancel'), data: { reason: 'r' } };
    const event = { whole: false, command, door: 'http-structured' } as const;
    const requests = await carryOut([startWish('e1'), { ...cancel, event }], (request) =>
      idOf(request) === 'c1' ? problem(409, 'build_terminal') : accepted('e1'),
    );
    expect(JSON.parse(requests[1]!.body)).toMatchObject({ data: { reason: 'r', build_id: 'build-e1' } });
    expect(view.observed.cancels).toMatchObject([{ buildId: 'build-e1', status: 409 }]);
  });

  it.each<[string, string, number]>([
    ["take the answer of the tenant's own code", 'acme 1', 0],
    ["are surprised by another tenant's code", 'other 1', 1],
  ])('ask a function through the gateway, and %s', async (_what, said, surprises) => {
    const wish: Wish = { at: 0, kind: 'request', tenant: 'acme', parser: 'greet' };
    const requests = await carryOut([wish], ({ path }) =>
      path === '/functions/acme/greet'
        ? { status: 200, body: { function: { url: 'http://elsewhere:1/lambda-acme-greet' } } }
        : { status: 200, body: { said } },
    );
    expect(requests[1]?.path).toBe('/lambda-acme-greet');
    expect(view.surprises).toHaveLength(surprises);
  });

  it('read what came of a build, and ask no second time where the api is away', async () => {
    const wish: Wish = { at: 0, kind: 'read', path: '/builds/{build}/logs', of: 'e1' };
    const requests = await carryOut([startWish('e1'), wish], ({ method }) =>
      method === 'POST' ? accepted('e1') : problem(503, 'unavailable'),
    );
    expect(requests.map(({ path }) => path)).toEqual(['/events', '/builds/build-e1/logs']);
    expect(view.counts).toMatchObject({ 'read:503': 1 });
    expect(view.surprises).toEqual([]);
  });
});
