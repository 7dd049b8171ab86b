import { OutsideClient, eventually } from '@slipway/testing';
import { System, saying } from './system';

const APPS = ['ingest', 'context-builder', 'job-launcher', 'service-deployer', 'api', 'gateway'] as const;
const BUILDS = 20;
/** The longest that anything may wait after a fault. */
const RECOVERY_MS = 60_000;

describe('kill -9 of one app in the middle of twenty builds', () => {
  let outside: OutsideClient;
  beforeAll(async () => {
    outside = await OutsideClient.connect();
  });
  afterAll(() => outside.close());

  it.each(APPS)('%s: all builds end once each', async (app) => {
    const system = await System.up();
    const ends = await outside.listen('cloud-events', 'network.notifi.lambda.build.*');
    const ids: string[] = [];
    for (let n = 0; n < BUILDS; n += 1) {
      // A quarter of the contents is new, so that building, waiting for a twin and reusing are all under way.
      ids.push(await system.start('killed', `${app}-${n}`, saying(`${app}-${n % 5}`), `${app}-${n}`));
      if (n === BUILDS / 2) process.kill(await system.pidOf(app), 'SIGKILL');
      if (n === BUILDS / 2) await System.up();
    }
    for (const id of ids) expect(await system.ended(id)).toMatchObject({ status: 'succeeded' });
    // Delivered at least once, and always under the one id. The relay comes after the ledger; what the killed app was
    // sending comes when its lease has run out.
    for (const id of ids) {
      await eventually(
        `the end of ${id} on RabbitMQ`,
        () =>
          ends.find(
            ({ fields, properties }) =>
              /build\.(complete|failed|cancelled)$/.test(fields.routingKey) &&
              properties.messageId === `${id}/end`,
          ),
        RECOVERY_MS,
      );
    }
    for (const id of ids) {
      const { events } = await system.build(id);
      expect(events.filter((event) => event.type === 'build.complete')).toHaveLength(1);
      expect(events.filter((event) => event.type === 'build.failed')).toHaveLength(0);
    }
  });
});
