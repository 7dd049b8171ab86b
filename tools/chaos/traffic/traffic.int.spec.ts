import { Random } from '../lib/random.ts';
import { eventually } from '../proxy/eventually.ts';
import { BrokerForSpecs } from './broker-for-specs.ts';
import type { Doors, TrafficOptions } from './doors.ts';
import { FakeSystem, type Reply, type Request } from './fake-system.ts';
import { wishes } from './plan.ts';
import { Traffic } from './traffic.ts';
import type { Command } from './wish.ts';

const OPTIONS: TrafficOptions = { builds: 80, ratePerSecond: 400, tenants: 2 };

/** The doors as far as a client sees them: an id leads to one build, and another content under it is refused. */
class Ledger {
  readonly contents = new Map<string, string>();

  answer({ method, path, headers, body }: Request): Reply {
    if (method === 'GET') return { status: 200, body: {} };
    if (path !== '/events') return { status: 200, body: {} };
    const json = JSON.parse(body) as Command | Command[] | Command['data'];
    if (Array.isArray(json))
      return { status: 202, body: json.map(({ id, data }) => this.take(id, data).body) };
    const id = headers['ce-id'];
    const [key, type, data] =
      id === undefined
        ? [(json as Command).id, (json as Command).type, (json as Command).data]
        : [String(id), String(headers['ce-type']), json as Command['data']];
    return /\.(build|rebuild)\.start$/.test(type) ? this.take(key, data) : { status: 202, body: { id: key } };
  }

  private take(id: string, data: Command['data']): { status: number; body: object } {
    const content = JSON.stringify(data);
    const known = this.contents.get(id) ?? content;
    this.contents.set(id, known);
    if (known !== content) return { status: 422, body: { code: 'event_id_reused' } };
    return { status: 202, body: { build_id: `build-${id}` } };
  }
}

describe('a run of traffic', () => {
  let broker: BrokerForSpecs;
  let system: FakeSystem | undefined;

  beforeAll(async () => {
    broker = await BrokerForSpecs.open();
  });
  afterEach(async () => {
    await system?.close();
    system = undefined;
  });
  afterAll(() => broker.close());

  function doorsTo({ url }: FakeSystem): Doors {
    return { amqp: broker.url, api: url, events: url, functions: url, exchange: broker.name };
  }

  it('ends when each start event was taken over, whatever was refused or lost on the way', async () => {
    const queue = await broker.bindQueue();
    const ledger = new Ledger();
    let requests = 0;
    system = await FakeSystem.listen((request) => {
      requests += 1;
      // Taken over, and then the answer is lost; or not even taken over.
      if (requests % 5 === 0) return ledger.answer(request) && 'broken';
      return requests % 5 === 2 ? { status: 503 } : ledger.answer(request);
    });
    const traffic = new Traffic(doorsTo(system), new Random('seed'), OPTIONS);
    broker.proxy.refuse(true);
    const run = traffic.run(new AbortController().signal);
    await eventually('a publish that fails', () => (traffic.counts['again:amqp'] ?? 0) > 0);
    broker.proxy.refuse(false);
    await run;
    expect(traffic.surprises).toEqual([]);

    const planned = [...wishes(new Random('seed'), { ...OPTIONS, objects: false })];
    const starts = planned.flatMap((wish) => {
      if (wish.kind === 'batch') return wish.commands;
      return wish.kind === 'start' || wish.kind === 'rebuild' ? [wish.command] : [];
    });
    const { observed } = traffic;
    expect(observed.starts.map(({ id }) => id).sort()).toEqual(starts.map(({ id }) => id).sort());
    const inQueue = new Set(await broker.idsIn(queue));
    for (const { id, by } of observed.starts) {
      expect(by === 'http' ? ledger.contents.has(id) : inQueue.has(id)).toBe(true);
    }
    expect(observed.cancels.length).toBeGreaterThan(0);
    expect(observed.events).toEqual([]);
  });

  it('ends with the reason of the signal', async () => {
    const stop = new AbortController();
    system = await FakeSystem.listen(() => {
      stop.abort(new Error('the run takes too long'));
      return 'broken';
    });
    const traffic = new Traffic(doorsTo(system), new Random('seed'), OPTIONS);
    await expect(traffic.run(stop.signal)).rejects.toThrow('the run takes too long');
  });
});
