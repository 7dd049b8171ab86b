import { Arguments } from './arguments.ts';

const USAGE = 'npm run test:chaos -- name';

function given(...args: string[]): Arguments<'seed' | 'builds' | 'pause'> {
  return new Arguments(args, USAGE, ['seed', 'builds'], ['pause']);
}

describe('the arguments of a program', () => {
  it('are what was given, else what the program says', () => {
    const told = given('--seed', 'friday', '--builds', '7', '--pause');
    expect([told.seed('seed'), told.whole('builds', 3), told.isOn('pause')]).toEqual(['friday', 7, true]);
    expect([given().whole('builds', 3), given().isOn('pause')]).toEqual([3, false]);
  });

  it('have another seed for each run that names none', () => {
    expect(given().seed('seed')).not.toBe(given().seed('seed'));
  });

  it.each([
    ['an option that there is not', () => given('--unknown', '1')],
    ['a text for a number', () => given('--builds', 'many').positive('builds', 3)],
    ['nothing for a number', () => given('--builds', '0').positive('builds', 3)],
    ['a fraction for a count', () => given('--builds', '1.5').whole('builds', 3)],
  ])('are refused with the usage: %s', (_what, read) => {
    expect(read).toThrow(USAGE);
  });
});
