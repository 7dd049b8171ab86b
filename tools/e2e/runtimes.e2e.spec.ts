import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { OutsideClient, eventually } from '@slipway/testing';
import { System, uploadExample } from './system';

const RUNTIMES = ['nodejs', 'python', 'go'] as const;

/** Processes whose environment names the service. */
function processesOf(service: string): number {
  const pids = execFileSync('ps', ['-eo', 'pid=']).toString().split('\n').map(Number).filter(Boolean);
  return pids.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`K_SERVICE=${service}`);
    } catch {
      return false;
    }
  }).length;
}

describe.each(RUNTIMES)('the example of %s', (runtime) => {
  let system: System;
  let outside: OutsideClient;
  let url: string;

  beforeAll(async () => {
    system = await System.up();
    outside = await OutsideClient.connect();
    await uploadExample(runtime, `global/parser/example-${runtime}`);
    const id = await system.start('examples', `example-${runtime}`, { runtime });
    const build = await system.ended(id);
    if (build.status !== 'succeeded') throw new Error(JSON.stringify(build.cause));
    url = (await system.deployed(id)).deployment.url!;
  });
  afterAll(() => outside.close());

  it('answers a request', async () => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"name":"Slipway"}',
    });
    expect(await response.json()).toMatchObject({ message: 'Hello, Slipway!' });
  });

  it('answers a CloudEvent with a CloudEvent', async () => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'ce-id': '1',
        'ce-source': 'network.notifi.examples',
        'ce-type': 'network.notifi.lambda.parser.start',
        'ce-specversion': '1.0',
      },
      body: '{"name":"events"}',
    });
    expect(response.headers.get('ce-type')).toBe('network.notifi.lambda.parser.complete');
    expect(await response.json()).toMatchObject({ message: 'Hello, events!' });
  });

  it('is reached by parser.start on RabbitMQ, and its reply comes out as parser.complete', async () => {
    const replies = await outside.listen('cloud-events', 'network.notifi.lambda.parser.complete');
    const type = 'network.notifi.lambda.parser.start';
    const event = {
      specversion: '1.0',
      id: `call-${runtime}`,
      type,
      source: 'network.notifi.examples',
      subject: `example-${runtime}`,
      data: { name: 'RabbitMQ' },
    };
    outside.publish('cloud-events', type, JSON.stringify(event), {
      contentType: 'application/cloudevents+json',
    });
    const reply = await eventually('the reply', () =>
      replies.find((message) => String(message.properties.headers?.['ce-causationid']) === event.id),
    );
    expect(JSON.parse(reply.content.toString())).toMatchObject({ message: 'Hello, RabbitMQ!' });
    expect(reply.properties.headers).toMatchObject({
      'ce-source': 'network.notifi.examples',
      'ce-slipwayhops': '1',
    });
  });

  it('is gone after the idle time and answers again when called', async () => {
    const service = url.split('/').pop()!;
    await eventually('the end of the idle process', () => processesOf(service) === 0 || undefined, 20_000);
    const response = await fetch(url, {
      method: 'POST',
      body: '{"name":"again"}',
      headers: { 'content-type': 'application/json' },
    });
    expect(await response.json()).toMatchObject({ message: 'Hello, again!' });
  });
});
