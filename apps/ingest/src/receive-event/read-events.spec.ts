import { CloudEvent as SdkEvent, HTTP } from 'cloudevents';
import type { IncomingHttpHeaders } from 'node:http';
import { readBatch, readEvent } from './read-events';

const SDK_EVENT = new SdkEvent({
  id: 'ü 1"%',
  source: 'network.notifi.acme',
  type: 'network.notifi.lambda.build.start',
  subject: 'greet',
  time: '2026-01-31T12:00:00.000Z',
  correlationid: 'c-1',
  datacontenttype: 'application/json',
  data: { code: 'x' },
});

function readSdk(message: { headers: Record<string, unknown>; body: unknown }) {
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  const body = typeof message.body === 'string' ? message.body : JSON.stringify(message.body);
  return readEvent(headers, Buffer.from(body), false).event;
}

describe('reading events from HTTP', () => {
  it('understands the structured mode of the CloudEvents SDK', () => {
    expect(readSdk(HTTP.structured(SDK_EVENT))).toMatchObject({
      id: 'ü 1"%',
      subject: 'greet',
      data: { code: 'x' },
      extensions: { correlationid: 'c-1' },
    });
  });

  it('understands the binary mode of the CloudEvents SDK', () => {
    const message = HTTP.binary(SDK_EVENT.cloneWith({ id: 'plain' }));
    expect(readSdk(message)).toMatchObject({ id: 'plain', subject: 'greet', data: { code: 'x' } });
  });

  it('decodes percent-encoded attributes once', () => {
    const headers = { 'ce-id': '%C3%BC%20%2541', 'ce-source': 's', 'ce-type': 't', 'ce-specversion': '1.0' };
    expect(readEvent(headers, Buffer.alloc(0), false).event.id).toBe('ü %41');
  });

  it('takes the Idempotency-Key as id of a body that has none', () => {
    const body = Buffer.from(JSON.stringify({ type: 't', source: 's', data: {} }));
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'key-1' };
    expect(readEvent(headers, body, true)).toMatchObject({ event: { id: 'key-1' }, lenient: {} });
  });

  it.each<[string, IncomingHttpHeaders, string, string]>([
    [
      'no CloudEvent in strict mode',
      { 'content-type': 'application/json' },
      '{"type":"t"}',
      'not_a_cloudevent',
    ],
    ['text', { 'content-type': 'text/plain' }, 'hello', 'unsupported_media_type'],
    ['broken JSON', { 'content-type': 'application/cloudevents+json' }, '{', 'not_a_cloudevent'],
    ['a wrong percent-encoding', { 'ce-id': '%zz', 'ce-specversion': '1.0' }, '', 'not_a_cloudevent'],
    ['ce-datacontenttype', { 'ce-datacontenttype': 'x', 'ce-specversion': '1.0' }, '', 'not_a_cloudevent'],
    [
      'more than 1 MiB',
      { 'content-type': 'application/json' },
      'x'.repeat(1024 * 1024 + 1),
      'payload_too_large',
    ],
  ])('refuses %s', (_what, headers, body, code) => {
    expect(() => readEvent(headers, Buffer.from(body), false)).toThrow(
      expect.objectContaining({ code }) as Error,
    );
  });

  it('refuses a batch that is no list', () => {
    expect(() => readBatch(Buffer.from('{}'))).toThrow(
      expect.objectContaining({ code: 'not_a_cloudevent' }) as Error,
    );
    expect(readBatch(Buffer.from('[]'))).toEqual([]);
  });
});
