import { SlipwayError } from '@slipway/domain';
import { aFunction, FakeStarter, Functions, silent } from './testing/functions';
import { FunctionPool } from './function-pool';

const SERVICE = aFunction().service;
const never = new AbortController().signal;
/** Lets what has been decided be done. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('FunctionPool', () => {
  let functions: Functions;
  let starter: FakeStarter;
  let now: number;
  let pool: FunctionPool;

  beforeEach(() => {
    functions = new Functions();
    starter = new FakeStarter();
    now = 1_000_000;
    const clock = { now: () => now };
    pool = new FunctionPool({
      catalogue: functions,
      starter,
      clock,
      log: silent,
      idleSeconds: 60,
      queueLimit: 2,
    });
    functions.set(aFunction());
  });

  it('starts nothing before the first request, and one process for many', async () => {
    expect(starter.processes).toHaveLength(0);
    starter.instant = false;
    const all = Array.from({ length: 50 }, () => pool.acquire(SERVICE, never));
    await settled();
    expect(starter.processes).toHaveLength(1);
    starter.processes[0]?.ready();
    expect((await Promise.all(all)).map((lease) => lease.port)).toEqual(Array(50).fill(1000));
  });

  it('stops a process that was idle for the idle time, and starts another when it is called again', async () => {
    (await pool.acquire(SERVICE, never)).release();
    now += 59_999;
    pool.sweep();
    expect(starter.running).toHaveLength(1);
    now += 1;
    pool.sweep();
    expect(starter.running).toHaveLength(0);
    expect((await pool.acquire(SERVICE, never)).port).toBe(1001);
  });

  it('never stops a process that works, nor one with min_scale', async () => {
    const lease = await pool.acquire(SERVICE, never);
    now += 600_000;
    pool.sweep();
    expect(starter.running).toHaveLength(1);
    lease.release();
    functions.set(aFunction({ options: { min_scale: 1 } }));
    now += 600_000;
    pool.sweep();
    expect(starter.running).toHaveLength(1);
  });

  it('starts a function with min_scale without being asked', async () => {
    functions.set(aFunction({ revision: 'other', options: { min_scale: 1 } }));
    expect(starter.processes).toHaveLength(1);
  });

  it('makes callers of a function that keeps crashing wait, twice as long each time', async () => {
    const waits: (number | undefined)[] = [];
    for (let round = 0; round < 8; round++) {
      (await pool.acquire(SERVICE, never)).release();
      starter.processes.at(-1)?.crash('boom');
      await settled();
      const refused: unknown = await pool.acquire(SERVICE, never).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'unavailable' });
      const seconds = (refused as SlipwayError).retryAfterSeconds;
      waits.push(seconds);
      now += (seconds ?? 0) * 1000;
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('passes on why a start failed, and tries again after the pause only', async () => {
    starter.instant = false;
    const first = pool.acquire(SERVICE, never);
    await settled();
    starter.processes[0]?.fail(new SlipwayError('function_crashed', 'it ended', { logLine: 'boom' }));
    await expect(first).rejects.toMatchObject({ code: 'function_crashed', logLine: 'boom' });
    await expect(pool.acquire(SERVICE, never)).rejects.toMatchObject({
      code: 'unavailable',
      retryAfterSeconds: 1,
    });
    now += 1000;
    const second = pool.acquire(SERVICE, never);
    await settled();
    starter.processes[1]?.ready();
    await expect(second).resolves.toMatchObject({ port: 1001 });
  });

  it('lets as many in as the function allows, a few wait in line, and refuses the rest', async () => {
    functions.set(aFunction({ options: { concurrency: 1 } }));
    const first = await pool.acquire(SERVICE, never);
    const order: string[] = [];
    const second = pool.acquire(SERVICE, never).then((lease) => (order.push('second'), lease));
    const third = pool.acquire(SERVICE, never).then((lease) => (order.push('third'), lease));
    await settled();
    await expect(pool.acquire(SERVICE, never)).rejects.toMatchObject({
      code: 'unavailable',
      retryAfterSeconds: 1,
    });
    expect(order).toEqual([]);
    first.release();
    first.release();
    (await second).release();
    await third;
    expect(order).toEqual(['second', 'third']);
  });

  it('forgets a request in line whose caller has gone', async () => {
    functions.set(aFunction({ options: { concurrency: 1 } }));
    const first = await pool.acquire(SERVICE, never);
    const gone = new AbortController();
    const second = pool.acquire(SERVICE, gone.signal);
    await settled();
    gone.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');
    first.release();
    await expect(pool.acquire(SERVICE, never)).resolves.toMatchObject({ port: 1000 });
  });

  it('uses the process of the trial once the revision serves, and ends the old one after its last request', async () => {
    const old = await pool.acquire(SERVICE, never);
    const next = aFunction({ revision: 'next' });
    functions.others.push(next);
    await pool.trial(SERVICE, 'next');
    functions.set(next);
    expect((await pool.acquire(SERVICE, never)).port).toBe(1001);
    pool.sweep();
    expect(starter.processes[0]?.stopped).toBe(false);
    old.release();
    pool.sweep();
    expect(starter.processes[0]?.stopped).toBe(true);
    expect(starter.processes).toHaveLength(2);
  });

  it('leaves what serves alone when a trial fails', async () => {
    (await pool.acquire(SERVICE, never)).release();
    functions.others.push(aFunction({ revision: 'next' }));
    starter.instant = false;
    const trial = pool.trial(SERVICE, 'next');
    await settled();
    starter.processes[1]?.fail(new SlipwayError('function_crashed', 'it ended'));
    await expect(trial).rejects.toMatchObject({ code: 'function_crashed' });
    await expect(pool.acquire(SERVICE, never)).resolves.toMatchObject({ port: 1000 });
  });

  it('ends the process of a function that is gone, and says not_found', async () => {
    (await pool.acquire(SERVICE, never)).release();
    functions.set();
    expect(starter.running).toHaveLength(0);
    await expect(pool.acquire(SERVICE, never)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('stops every process when it is closed, and starts none afterwards', async () => {
    await pool.acquire(SERVICE, never);
    await pool.close();
    expect(starter.running).toHaveLength(0);
    await expect(pool.acquire(SERVICE, never)).rejects.toMatchObject({ code: 'unavailable' });
  });
});
