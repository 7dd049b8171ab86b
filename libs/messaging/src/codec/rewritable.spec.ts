import type { MessageProperties } from 'amqplib';
import { rewritable } from './rewritable';

const properties = (change: object): MessageProperties => ({ headers: {}, ...change }) as MessageProperties;

describe('writing the properties of a received message again', () => {
  it('leaves what can be written as it is', () => {
    const headers = {
      'ce-id': '1',
      count: 5,
      large: Number.MAX_SAFE_INTEGER,
      part: -0.5,
      flag: false,
      bytes: Buffer.from([1]),
      none: null,
      at: { '!': 'timestamp', value: 1_700_000_000 },
      'x-death': [{ count: 1, queue: 'q' }],
    };
    const given = properties({ headers, messageId: 'm', deliveryMode: 2, appId: undefined });
    expect(rewritable(given)).toEqual(given);
  });

  it.each<[string, unknown]>([
    ['a double that no integer type holds', -1e300],
    ['no number', Number.NaN],
    ['a table that hides a method of every object', { hasOwnProperty: 'x' }],
    ['such a table deep inside', [{ a: { hasOwnProperty: 'x' } }]],
    ['a table without prototype', Object.create(null)],
    ['a text that fills the frame', 'x'.repeat(40_000)],
  ])('leaves out %s and says so', (_what, value) => {
    const { headers } = rewritable(properties({ headers: { before: 'a', bad: value, after: 'b' } }));
    expect(headers).toEqual({ before: 'a', after: 'b', 'x-dropped': 'bad' });
  });

  it('leaves out headers beyond what one frame holds', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`h${n}`, 'x'.repeat(1000)]));
    const { headers } = rewritable(properties({ headers: many }));
    expect(JSON.stringify(headers).length).toBeLessThan(40_000);
    expect(headers?.['x-dropped']).toContain('h32, h33');
  });

  it('leaves out short texts that grew when they were read', () => {
    const grown = Buffer.alloc(255, 0xff).toString('utf8');
    expect(rewritable(properties({ messageId: grown, type: 't' }))).toEqual({ type: 't', headers: {} });
  });
});
