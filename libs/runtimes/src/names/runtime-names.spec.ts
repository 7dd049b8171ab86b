import { loadRuntimes, runtimesFolder } from '../data/load-runtimes';
import { isRuntimeName, runtimeNamed, runtimeNames } from './runtime-names';

const runtimes = loadRuntimes(runtimesFolder());

test.each<[string, string, string | undefined]>([
  ['nodejs22', 'nodejs', '22'],
  ['node22', 'nodejs', '22'],
  ['node', 'nodejs', undefined],
  ['nodejs', 'nodejs', undefined],
  ['nodejs20.x', 'nodejs', '20'],
  ['node:18', 'nodejs', '18'],
  ['python3.11', 'python', '3.11'],
  ['python', 'python', undefined],
  ['python3', 'python', undefined],
  ['Python 3.12', 'python', '3.12'],
  ['go1.21', 'go', '1.21'],
  ['go', 'go', undefined],
  ['golang', 'go', undefined],
  ['golang1.25', 'go', '1.25'],
])('%s means %s %s', (name, family, version) => {
  expect(isRuntimeName(runtimes, name)).toBe(true);
  expect(runtimeNamed(runtimes, name)).toEqual({ family, version });
});

test.each(['nodejs16', 'python2.7', 'go1.20', 'ruby3.3', '', 'constructor', 'python33.11'])(
  '%s is no runtime',
  (name) => {
    expect(isRuntimeName(runtimes, name)).toBe(false);
  },
);

test('an unknown name fails with the value and the known names', () => {
  expect(() => runtimeNamed(runtimes, 'ruby3.3')).toThrow(
    expect.objectContaining({
      code: 'runtime_unsupported',
      message: expect.stringMatching(/"ruby3\.3".*nodejs24.*go1\.26.*python3\.13/),
    }),
  );
});

test('each spelling that is listed is accepted', () => {
  for (const name of runtimeNames(runtimes)) expect(isRuntimeName(runtimes, name)).toBe(true);
});
