import { matchesLock } from './dependencies.mjs';
import { isRecentEnough } from './node-version.mjs';

describe('what has to be there before anything else runs', () => {
  const lock = {
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '2.0.0', optional: true },
    },
  };

  it.each([
    [
      'everything the lock names',
      { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0' } },
      true,
    ],
    ['all but a package of another platform', { 'node_modules/a': { version: '1.0.0' } }, true],
    ['another version', { 'node_modules/a': { version: '1.0.1' } }, false],
    ['one package too few', { 'node_modules/b': { version: '2.0.0' } }, false],
    [
      'one package too many',
      { 'node_modules/a': { version: '1.0.0' }, 'node_modules/c': { version: '1.0.0' } },
      false,
    ],
  ])('an install with %s is told apart', (_name, packages, expected) => {
    expect(matchesLock(lock, { packages })).toBe(expected);
  });

  it.each([
    ['20.20.2', false],
    ['22.18.9', false],
    ['22.19.0', true],
    ['24.0.0', true],
  ])('Node %s is judged by the oldest version that carries the dependencies', (version, expected) => {
    expect(isRecentEnough(version)).toBe(expected);
  });
});
