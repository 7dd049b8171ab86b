import { filterIn, limitIn, linesIn } from './list-query';

describe('the query of a list', () => {
  it.each([
    [undefined, 30],
    ['50', 50],
    ['100', 100],
    ['101', 30],
    ['0', 30],
    ['-1', 30],
    ['ten', 30],
    ['1e2', 30],
    ['9999999999999', 30],
  ])('reads limit %s as %d', (limit, expected) => {
    expect(limitIn({ limit })).toBe(expected);
  });

  it('reads every filter, and the first of a repeated one', () => {
    expect(filterIn({ third_party_id: ['a', 'b'], status: 'failed', since: '2026-01-01' })).toMatchObject({
      tenant: 'a',
      status: 'failed',
      since: new Date('2026-01-01'),
    });
  });

  it.each([
    ['status', { status: 'bogus' }],
    ['since', { since: 'yesterday' }],
    ['parser_id', { parser_id: 'a\0b' }],
  ])('refuses a wrong %s by name: %j', (name, query) => {
    const problems = [expect.objectContaining({ pointer: `/${name}` })];
    expect(() => filterIn(query)).toThrow(
      expect.objectContaining({ code: 'invalid_event', problems }) as Error,
    );
  });

  it('reads how many lines of log are asked for', () => {
    expect(linesIn({ logs: '5' }, 50)).toBe(5);
    expect(linesIn({ logs: '-5' }, 50)).toBe(50);
  });
});
