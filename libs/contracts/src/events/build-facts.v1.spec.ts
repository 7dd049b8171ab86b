import { validated } from '../event/validate';
import { BuildEndData } from './build-facts.v1';

const END = { third_party_id: 'acme', parser_id: 'greet', status: 'failed' };

describe('how a build ended', () => {
  it.each([[{ attempt: 0, exit_code: -(2 ** 31) }], [{ attempt: 1_000_000, exit_code: 2 ** 31 - 1 }]])(
    'may say %j',
    (numbers) => {
      expect(validated(BuildEndData, { ...END, ...numbers })).toMatchObject(numbers);
    },
  );

  it.each([
    ['/data/attempt must be at least 0.', { attempt: -1 }],
    ['/data/attempt must be at most 1000000.', { attempt: 1_000_001 }],
    ['/data/exit_code must be at most 2147483647.', { exit_code: 2 ** 31 }],
    ['/data/exit_code must be at least -2147483648.', { exit_code: -(2 ** 31) - 1 }],
  ])('is refused with "%s" where the ledger has no room for a number', (sentence, number) => {
    expect(() => validated(BuildEndData, { ...END, ...number })).toThrow(sentence);
  });
});
