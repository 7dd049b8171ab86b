import { DEFAULT_NAMING } from '@slipway/contracts';
import type { Delivery } from '@slipway/ledger';
import { replyIn, replyMessage } from './reply';

const DELIVERY: Delivery = {
  service: 'lambda-acme-greet-1',
  tenant: 'acme',
  parser: 'greet',
  hops: 2,
  event: {
    id: 'in-1',
    source: 'network.notifi.acme',
    type: 'network.notifi.lambda.parser.start',
    specversion: '1.0',
    extensions: { correlationid: 'c' },
  },
};

const answer = (headers: Record<string, string>, body = '') => ({
  status: 200,
  headers,
  body: Buffer.from(body),
});
const BINARY = {
  'ce-id': 'x',
  'ce-source': 's',
  'ce-type': 'network.notifi.lambda.parser.complete',
  'ce-specversion': '1.0',
};

describe('what a function replies', () => {
  it('is nothing for an empty answer', () => {
    expect(replyIn(answer({}))).toBeUndefined();
  });

  it('is an event in binary or structured mode', () => {
    expect(replyIn(answer({ ...BINARY, 'content-type': 'application/json' }, '{"a":1}'))).toMatchObject({
      data: { a: 1 },
    });
    const structured = JSON.stringify({ id: 'x', source: 's', type: 't', specversion: '1.0', data: 5 });
    expect(replyIn(answer({ 'content-type': 'application/cloudevents+json' }, structured))).toMatchObject({
      data: 5,
    });
  });

  it.each([
    ['a plain value', answer({ 'content-type': 'application/json' }, '{"a":1}')],
    ['an incomplete event', answer({ 'ce-specversion': '1.0' })],
    ['an event with broken JSON', answer(BINARY, '{')],
    [
      'an event of JSON that is nested too deeply',
      answer({ ...BINARY, 'content-type': 'application/json' }, '['.repeat(2000) + ']'.repeat(2000)),
    ],
  ])('is refused for %s', (_what, given) => {
    expect(() => replyIn(given)).toThrow(expect.objectContaining({ code: 'function_rejected' }) as Error);
  });

  it('goes out under an id of the delivery, in the name of its tenant, one hop further', () => {
    const reply = replyIn(answer({ ...BINARY, 'ce-source': 'network.notifi.other' }))!;
    expect(replyMessage(reply, DELIVERY, DEFAULT_NAMING)).toMatchObject({
      mandatory: true,
      event: {
        id: 'in-1/lambda-acme-greet-1/reply',
        source: 'network.notifi.acme',
        subject: 'greet',
        extensions: { slipwayhops: '3', causationid: 'in-1', correlationid: 'c' },
      },
    });
  });

  it('cannot state a fact of Slipway', () => {
    const reply = replyIn(answer({ ...BINARY, 'ce-type': 'network.notifi.lambda.build.complete' }))!;
    expect(() => replyMessage(reply, DELIVERY, DEFAULT_NAMING)).toThrow(
      expect.objectContaining({ code: 'function_rejected' }) as Error,
    );
  });
});
