import { parseJson } from './parse-json';

const nested = (levels: number): Buffer => Buffer.from('['.repeat(levels) + ']'.repeat(levels));

describe('parsing untrusted JSON', () => {
  it.each([
    ['nothing nested', '{"a":1}', { a: 1 }],
    ['brackets inside texts', `{"a":"${'['.repeat(2000)}"}`, { a: '['.repeat(2000) }],
    ['brackets behind an escaped quote', `["\\"${'{'.repeat(2000)}"]`, [`"${'{'.repeat(2000)}`]],
    ['a text that ends in a backslash', `["\\\\",[1]]`, ['\\', [1]]],
    ['many neighbours', `[${'[],'.repeat(2000)}[]]`, Array(2001).fill([])],
    ['texts beyond ASCII', '{"ü":"💥"}', { ü: '💥' }],
  ])('takes %s', (_what, text, expected) => {
    expect(parseJson(Buffer.from(text), 'The body')).toEqual(expected);
  });

  it('takes 1000 levels and refuses 1001', () => {
    expect(() => parseJson(nested(1000), 'The body')).not.toThrow();
    expect(() => parseJson(nested(1001), 'The body')).toThrow('The body is nested deeper than 1000 levels.');
  });

  it('refuses what never closes before it is parsed', () => {
    expect(() => parseJson(Buffer.alloc(1 << 20, '{"a":'), 'The data')).toThrow('nested deeper');
  });

  it('says where JSON is wrong', () => {
    expect(() => parseJson(Buffer.from('{"a":}'), 'The data')).toThrow(/^The data is not valid JSON: .+\.$/);
  });
});
