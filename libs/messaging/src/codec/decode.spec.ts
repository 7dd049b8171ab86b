import { encodeBinary } from './encode';
import { decodeMessage, type RawMessage } from './decode';

const ATTRIBUTES = { id: '1', source: '/s', type: 't', specversion: '1.0', subject: 'x', myext: 'v' };

function prefixed(prefix: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(ATTRIBUTES).map(([name, value]) => [`${prefix}${name}`, value]));
}

function message(
  change: Partial<RawMessage['properties']>,
  content: string | Buffer = '{"a":1}',
): RawMessage {
  return {
    content: Buffer.from(content),
    properties: { headers: {}, contentType: 'application/json', messageId: undefined, ...change },
  };
}

const EXPECTED = {
  id: '1',
  source: '/s',
  type: 't',
  subject: 'x',
  data: { a: 1 },
  extensions: { myext: 'v' },
};

describe('reading an event from RabbitMQ', () => {
  it.each<[string, RawMessage]>([
    ['ce- headers', message({ headers: prefixed('ce-') })],
    ['CE- headers in upper case', message({ headers: prefixed('CE-') })],
    ['cloudEvents: headers', message({ headers: prefixed('cloudEvents:') })],
    ['cloudEvents_ headers', message({ headers: prefixed('cloudEvents_') })],
    ['bare headers', message({ headers: prefixed('') })],
    [
      'a structured body',
      message(
        { contentType: 'Application/CloudEvents+json; charset=utf-8' },
        JSON.stringify({ ...ATTRIBUTES, data: { a: 1 } }),
      ),
    ],
  ])('takes %s', (_what, raw) => {
    expect(decodeMessage(raw, false).event).toMatchObject(EXPECTED);
  });

  it('fills what Knative leaves out of bare headers', () => {
    const { id: _id, ...headers } = prefixed('');
    const raw = message({
      headers: {
        ...headers,
        time: '0001-01-01T00:00:00Z',
        'content-type': 'application/json',
        'x-death': [],
      },
      messageId: 'from-property',
      contentType: undefined,
    });
    expect(decodeMessage(raw, false).event).toMatchObject({
      id: 'from-property',
      datacontenttype: 'application/json',
    });
    expect(decodeMessage(raw, false).event.time).toBeUndefined();
  });

  it('reads header values of every AMQP type', () => {
    const headers = { ...prefixed('ce-'), 'ce-count': 5, 'ce-flag': true, 'ce-text': Buffer.from('bytes') };
    expect(decodeMessage(message({ headers }), false).event.extensions).toMatchObject({
      count: '5',
      flag: 'true',
      text: 'bytes',
    });
  });

  it('keeps data that is no JSON as bytes', () => {
    const raw = message({ headers: prefixed('ce-'), contentType: 'image/png' }, Buffer.from([1, 2]));
    expect(decodeMessage(raw, false).event.data).toEqual(Buffer.from([1, 2]));
  });

  it('reads back what it writes', () => {
    const event = decodeMessage(message({ headers: prefixed('ce-') }), false).event;
    const { content, options } = encodeBinary(event);
    const raw = message({ headers: options.headers, contentType: options.contentType }, content);
    expect(decodeMessage(raw, false).event).toEqual(event);
  });

  it('takes a JSON body without id and specversion in lenient mode, under an id of its bytes', () => {
    const body = JSON.stringify({ type: 't', source: 'rabbitmq', data: {} });
    const one = decodeMessage(message({}, body), true);
    expect(one.lenient?.idPrefix).toMatch(/^lenient-[0-9a-f]{64}-$/);
    expect(one.event).toMatchObject({ source: 'rabbitmq', id: `${one.lenient?.idPrefix}0` });
    expect(decodeMessage(message({ messageId: 'm1' }, body), true)).toMatchObject({
      event: { id: 'm1' },
      lenient: {},
    });
  });

  it.each<[string, RawMessage, boolean]>([
    ['an incomplete body in strict mode', message({}, '{"type":"t","source":"s"}'), false],
    ['text', message({}, 'hello'), true],
    ['an array', message({}, '[]'), true],
    ['a body without type', message({}, '{"source":"s"}'), true],
    ['a batch', message({ contentType: 'application/cloudevents-batch+json' }, '[]'), true],
    ['wrong JSON as data', message({ headers: prefixed('ce-') }, '{'), true],
    ['deep JSON as data', message({ headers: prefixed('ce-') }, '['.repeat(2000) + ']'.repeat(2000)), true],
    [
      'a structured body that is no JSON',
      message({ contentType: 'application/cloudevents+json' }, 'x'),
      true,
    ],
  ])('refuses %s', (_what, raw, lenient) => {
    expect(() => decodeMessage(raw, lenient)).toThrow(
      expect.objectContaining({ code: 'not_a_cloudevent' }) as Error,
    );
  });

  it('does not parse what is larger than a request may be', () => {
    expect(() => decodeMessage(message({}, Buffer.alloc(10 * 1024 * 1024 + 1)), true)).toThrow(
      expect.objectContaining({ code: 'payload_too_large' }) as Error,
    );
  });
});
