import { OutsideClient, eventually } from '@slipway/testing';
import type { ConsumeMessage } from 'amqplib';
import {
  CANCEL,
  LIMIT_MS,
  allGone,
  cancel,
  cancelEvent,
  endless,
  postEvent,
  processesOf,
  underWay,
} from './cancel-builds';
import { System, saying } from './system';

const TENANT = 'cancels';
/** As many as there are slots. */
const ENDLESS = ['alone', 'many-ways', 'nobody-there'] as const;
const CONSUMERS = ['ingest', 'context-builder', 'job-launcher', 'service-deployer'];

describe('a build that is cancelled', () => {
  let system: System;
  let outside: OutsideClient;
  let facts: ConsumeMessage[];
  const running = {} as Record<(typeof ENDLESS)[number], string>;

  beforeAll(async () => {
    system = await System.up();
    outside = await OutsideClient.connect();
    facts = await outside.listen('cloud-events', 'network.notifi.lambda.build.*');
    for (const name of ENDLESS) running[name] = await system.start(TENANT, name, endless(name));
    for (const name of ENDLESS) await underWay(running[name]);
  });
  afterAll(async () => {
    for (const id of Object.values(running)) await cancel(system, id);
    await outside.close();
  });

  /** Types of the events that came under the one id of the build's end; waits for the first. */
  async function endsOf(id: string): Promise<string[]> {
    const ends = () => facts.filter(({ properties }) => properties.messageId === `${id}/end`);
    await eventually(`the end of ${id} on RabbitMQ`, () => ends().length > 0, LIMIT_MS);
    return [...new Set(ends().map(({ fields }) => fields.routingKey.replace('network.notifi.lambda.', '')))];
  }

  async function expectCancelled(id: string, parser: string): Promise<void> {
    const build = await system.build(id);
    expect(build).toMatchObject({ status: 'cancelled', phase: 'done', deployment: { status: 'none' } });
    expect(build.events.at(-1)?.type).toBe('build.cancelled');
    expect(await endsOf(id)).toEqual(['build.cancelled']);
    expect((await fetch(`${system.api}/functions/${TENANT}/${parser}`)).status).toBe(404);
  }

  it('loses all its processes, and its slot goes to the next one', async () => {
    const waiting = await system.start(TENANT, 'waiting', saying('never'));
    const next = await system.start(TENANT, 'next', saying('next'));
    for (const id of [waiting, next])
      await eventually(
        `${id} in the queue`,
        async () => (await system.build(id)).phase === 'queued',
        LIMIT_MS,
      );
    expect(await cancel(system, waiting)).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    expect(await cancel(system, running.alone)).toMatchObject({
      status: 200,
      body: { success: true, build_id: running.alone, status: 'cancelled' },
    });
    await allGone(running.alone);
    expect(await system.ended(next)).toMatchObject({ status: 'succeeded' });
    await expectCancelled(running.alone, 'alone');
    await expectCancelled(waiting, 'waiting');
    expect(processesOf(waiting)).toEqual([]);
  });

  it('ends once when events and requests ask for it at the same time, and answers again the same', async () => {
    const id = running['many-ways'];
    const event = cancelEvent(TENANT, 'many-ways', id);
    outside.publish('cloud-events', CANCEL, JSON.stringify(event), {
      contentType: 'application/cloudevents+json',
    });
    const [byEvent, ...byRest] = await Promise.all([
      postEvent(system, event),
      cancel(system, id),
      cancel(system, id),
    ]);
    byRest.push(await cancel(system, id));
    expect([byEvent.status, await byEvent.json()]).toEqual([202, { cancelled: [id] }]);
    const same = { status: 200, body: { success: true, build_id: id, status: 'cancelled' } };
    for (const answer of byRest) expect(answer).toMatchObject(same);
    await allGone(id);
    await expectCancelled(id, 'many-ways');
    const { events } = await system.build(id);
    expect(events.filter(({ type }) => type === 'build.cancelled')).toHaveLength(1);
  });

  it('is cancelled at once although nobody is there to act on it, and stays so when they come back', async () => {
    const id = running['nobody-there'];
    const { processes } = await System.status();
    const kill = (apps: string[]) =>
      processes.filter(({ name }) => apps.includes(name)).forEach(({ pid }) => process.kill(pid, 'SIGKILL'));
    kill(['context-builder']);
    const accepted = await system.start(TENANT, 'accepted', saying('never'));
    kill(CONSUMERS.filter((app) => app !== 'context-builder'));
    for (const build of [id, accepted])
      expect(await cancel(system, build)).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    await System.up();
    await allGone(id);
    // Whoever takes a new build through its whole way has read what came before it.
    await system.deployed(await system.start(TENANT, 'after', saying('after')));
    await expectCancelled(id, 'nobody-there');
    await expectCancelled(accepted, 'accepted');
  });

  it('cannot be one that has ended: the answer is 409, and its function goes on serving', async () => {
    const id = await system.start(TENANT, 'ended', saying('still here'));
    const { deployment } = await system.deployed(id);
    const refusal = { code: 'build_terminal', status: 409 };
    expect(await cancel(system, id)).toMatchObject({ status: 409, body: refusal });
    const byEvent = await postEvent(system, cancelEvent(TENANT, 'ended', id));
    expect([byEvent.status, await byEvent.json()]).toMatchObject([409, refusal]);
    expect(await system.build(id)).toMatchObject({ status: 'succeeded', deployment: { status: 'ready' } });
    const answer = await fetch(deployment.url!, { method: 'POST', body: '{}' });
    expect(await answer.json()).toEqual({ said: 'still here' });
  });
});
