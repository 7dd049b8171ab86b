import { Random } from '../chaos/lib/random';
import { processes, type AppProcess } from './garbage-account';
import { ask, shown, type Answer } from './garbage-http';
import { REFUSED, garbageRequest, oddAddresses } from './garbage-requests';
import { System, saying } from './system';

const SEED = process.env['SLIPWAY_GARBAGE_SEED'] ?? 'garbage';
const REQUESTS = 1000;
const AT_ONCE = 16;

const HEALTH = ['GET /livez', 'GET /readyz', 'GET /readyz?verbose', 'GET /healthz', 'GET /metrics', 'GET /'];
const BUILD = '/builds/build-garbage-none-0123456789';
const SERVICE = '/lambda-garbage-none-0123456789';
const OPERATIONS: Record<string, readonly string[]> = {
  api: [
    ...['GET /builds', `GET ${BUILD}`, `GET ${BUILD}/events`, `GET ${BUILD}/logs`, `POST ${BUILD}/cancel`],
    ...['GET /functions', 'GET /functions/garbage/none', 'GET /async-jobs/stats', ...HEALTH],
  ],
  ingest: [...Array<string>(10).fill('POST /events'), 'OPTIONS /events', ...HEALTH],
  'context-builder': HEALTH,
  'job-launcher': HEALTH,
  'service-deployer': HEALTH,
  gateway: [`GET ${SERVICE}`, `POST ${SERVICE}/a?b=c`, 'GET /nobody', ...HEALTH],
};

/** What is wrong with an answer; undefined where it is taken, or refused with a sentence. */
function faultOf({ status, contentType, body }: Answer): string | undefined {
  if (status >= 200 && status < 400) return undefined;
  if (status < 400 || status >= 500) return `answered ${status}: ${body.slice(0, 300)}`;
  if (contentType === 'application/problem+json') {
    const { detail, status: said } = JSON.parse(body) as { detail?: string; status?: number };
    return detail && said === status ? undefined : `no detail: ${body.slice(0, 300)}`;
  }
  // None of a batch is valid: the answer is the list of the problems.
  return status === 400 && body.startsWith('[{"problem":')
    ? undefined
    : `no problem: ${status} ${body.slice(0, 300)}`;
}

describe(`garbage on every port (SLIPWAY_GARBAGE_SEED=${SEED})`, () => {
  let system: System;
  let before: AppProcess[];
  const portOf = (app: string): number => before.find(({ name }) => name === app)!.port;

  beforeAll(async () => {
    system = await System.up();
    before = await processes();
  });

  it.each(Object.keys(OPERATIONS))('%s refuses with a problem what no port takes', async (app) => {
    for (const [what, request] of REFUSED) {
      const answer = await ask(portOf(app), request);
      expect({ what, fault: faultOf(answer), refused: answer.status >= 400 }).toEqual({
        what,
        refused: true,
      });
    }
  });

  async function faultsOf(app: string, requests: readonly Buffer[]): Promise<string[]> {
    const faults: string[] = [];
    const work = requests.values();
    const client = async (): Promise<void> => {
      for (const request of work) {
        const fault = faultOf(await ask(portOf(app), request));
        if (fault) faults.push(`${shown(request)} ${fault}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, client));
    return faults;
  }

  it.each(Object.entries(OPERATIONS))('%s answers odd addresses', async (app, operations) => {
    expect(await faultsOf(app, oddAddresses([...new Set(operations)]))).toEqual([]);
  });

  it.each(Object.entries(OPERATIONS))('%s answers a thousand garbage requests', async (app, operations) => {
    const random = new Random(SEED).fork(app);
    const requests = Array.from({ length: REQUESTS }, (_, index) =>
      garbageRequest(operations, index, random),
    );
    expect(await faultsOf(app, requests)).toEqual([]);
  });

  it('does not keep a neighbour from being built', async () => {
    const id = await system.start('neighbour', 'ports', saying('ports'));
    expect(await system.ended(id)).toMatchObject({ status: 'succeeded' });
  });

  it('ends no app', async () => {
    const after = await processes();
    expect(after.map(({ name, pid, ready }) => ({ name, pid, ready }))).toEqual(
      before.map(({ name, pid }) => ({ name, pid, ready: true })),
    );
  });
});
