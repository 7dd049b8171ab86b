import { OutsideClient } from '@slipway/testing';
import type { Options } from 'amqplib';
import { START, System, saying, startEvent } from './system';

const JSON_TYPE = { contentType: 'application/json' };

interface Shape {
  name: string;
  message: (
    event: ReturnType<typeof startEvent>,
    data: object,
  ) => { body: unknown; options: Options.Publish };
}

function headers(prefix: string, event: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(event).map(([name, value]) => [`${prefix}${name}`, String(value)]),
  );
}

const SHAPES: Shape[] = [
  {
    name: 'structured',
    message: (event, data) => ({
      body: { ...event, data },
      options: { contentType: 'application/cloudevents+json' },
    }),
  },
  ...['ce-', 'cloudEvents:', 'cloudEvents_', ''].map((prefix) => ({
    name: prefix === '' ? 'bare headers' : `${prefix} headers`,
    message: (event: ReturnType<typeof startEvent>, data: object) => ({
      body: data,
      options: { ...JSON_TYPE, headers: headers(prefix, event) },
    }),
  })),
];

describe('every door', () => {
  let system: System;
  let outside: OutsideClient;

  beforeAll(async () => {
    system = await System.up();
    outside = await OutsideClient.connect();
  });
  afterAll(() => outside.close());

  it.each(SHAPES.map((shape, index) => [shape.name, shape, `shape-${index}`] as const))(
    'builds from a message with %s',
    async (name, shape, parser) => {
      const { body, options } = shape.message(startEvent('doors', parser, `amqp ${name}`), saying('doors'));
      outside.publish('cloud-events', START, JSON.stringify(body), options);
      const { id } = await system.newest('doors', parser);
      expect(await system.ended(id)).toMatchObject({ status: 'succeeded' });
    },
  );

  it('builds from each mode of HTTP, and answers a repeated event with its first build', async () => {
    const post = (type: string, body: unknown, more: Record<string, string> = {}) =>
      fetch(`${system.events}/events`, {
        method: 'POST',
        headers: { 'content-type': type, ...more },
        body: JSON.stringify(body),
      });
    const structured = { ...startEvent('doors', 'http-1', 'http-1'), data: saying('doors') };
    const binary = startEvent('doors', 'http-2', 'http-2');
    const first = await post('application/cloudevents+json', structured);
    const second = await post('application/json', saying('doors'), headers('ce-', binary));
    const third = await post('application/cloudevents-batch+json', [
      { ...startEvent('doors', 'http-3', 'http-3'), data: saying('doors') },
      { ...startEvent('doors', 'http-4', 'http-4'), data: { priority: 99 } },
    ]);
    expect([first.status, second.status, third.status]).toEqual([202, 202, 202]);
    const answers = [await first.json(), await second.json(), ...((await third.json()) as object[])] as {
      build_id: string;
      problem?: { code: string };
    }[];
    expect(first.headers.get('location')).toBe(`${system.api}/builds/${answers[0]!.build_id}`);
    expect(answers[3]!.problem).toMatchObject({ code: 'invalid_event' });
    for (const { build_id: id } of answers.slice(0, 3)) {
      expect(await system.ended(id)).toMatchObject({ status: 'succeeded' });
    }
    const again = await post('application/cloudevents+json', structured);
    expect(await again.json()).toMatchObject({ build_id: answers[0]!.build_id, duplicate: true });
    const other = await post('application/cloudevents+json', { ...structured, data: saying('else') });
    expect([other.status, await other.json()]).toMatchObject([422, { code: 'event_id_reused' }]);
  });

  it('gives one and the same build to an event that comes by RabbitMQ and by HTTP', async () => {
    const event = { ...startEvent('doors', 'both', 'both-1'), data: saying('both') };
    outside.publish('cloud-events', START, JSON.stringify(event), {
      contentType: 'application/cloudevents+json',
    });
    const first = await system.newest('doors', 'both');
    const response = await fetch(`${system.events}/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify(event),
    });
    expect(await response.json()).toMatchObject({ build_id: first.id, duplicate: true });
    expect(await system.ended(first.id)).toMatchObject({ status: 'succeeded' });
  });

  it('answers unchanged source in under a second without a Job', async () => {
    const first = await system.ended(await system.start('doors', 'same', saying('same'), 'same-1'));
    expect(first.reused).toBe(false);
    const second = await system.ended(await system.start('doors', 'same', saying('same'), 'same-2'));
    expect(second).toMatchObject({
      status: 'succeeded',
      reused: true,
      attempt: 0,
      image_digest: first.image_digest,
    });
  });

  it('shakes hands with a webhook', async () => {
    const response = await fetch(`${system.events}/events`, {
      method: 'OPTIONS',
      headers: { 'webhook-request-origin': 'events.example.com' },
    });
    expect(response.headers.get('webhook-allowed-origin')).toBe('events.example.com');
  });
});
