import { DEFAULT_NAMING, type CloudEvent } from './cloud-event';
import { idsOf } from './ids';

const event = (change: Partial<CloudEvent>): CloudEvent => ({
  id: '1',
  source: 'network.notifi.acme',
  type: 't',
  specversion: '1.0',
  subject: 'greet',
  extensions: {},
  ...change,
});

describe('the ids of a command', () => {
  it('come from source and subject', () => {
    expect(idsOf(event({}), DEFAULT_NAMING)).toEqual({ tenant: 'acme', parser: 'greet' });
  });

  it('come from the data where the source is none of ours', () => {
    const data = { third_party_id: 'example-org', parser_id: 'user-parser' };
    expect(idsOf(event({ source: 'rabbitmq', subject: undefined, data }), DEFAULT_NAMING)).toEqual({
      tenant: 'example-org',
      parser: 'user-parser',
    });
  });

  it.each<[string, Partial<CloudEvent>]>([
    ['data that says otherwise', { data: { third_party_id: 'other' } }],
    ['the reserved tenant', { source: 'network.notifi.builder' }],
    ['a missing function', { subject: undefined }],
    ['a slash', { subject: 'a/b' }],
    ['a leading dash', { subject: '-a' }],
    ['101 characters', { subject: 'a'.repeat(101) }],
    ['dots', { source: 'network.notifi...' }],
    [
      'an object that cannot become text',
      { source: 'x', data: { third_party_id: { toString: 1, valueOf: 1 } } },
    ],
    ['a number in the data', { source: 'x', data: { third_party_id: 1, parser_id: 'p' } }],
  ])('are refused for %s', (_what, change) => {
    expect(() => idsOf(event(change), DEFAULT_NAMING)).toThrow(
      expect.objectContaining({ code: 'invalid_event' }) as Error,
    );
  });

  it('shows of a wrong id no more than a sentence can hold', () => {
    const data = { third_party_id: 'x'.repeat(5000) };
    expect(() => idsOf(event({ data }), DEFAULT_NAMING)).toThrow(
      /^\/data\/third_party_id says "x{99}… but the event's source and subject say "acme"\.$/,
    );
  });
});
