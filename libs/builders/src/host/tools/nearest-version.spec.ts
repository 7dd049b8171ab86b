import { byNearness, versionNote } from './nearest-version';

test.each([
  ['22', ['20.20.2', '24.21.0', '22.4.0'], '22.4.0'],
  ['22', ['20.20.2', '26.0.0', '24.21.0'], '24.21.0'],
  ['24', ['18.1.0', '20.20.2'], '20.20.2'],
  ['3.13', ['3.10', '3.11', '3.12'], '3.12'],
  ['3.10', ['3.13', '3.11'], '3.11'],
])('for %s out of %j the nearest is %s', (wanted, installed, nearest) => {
  expect([...installed].sort(byNearness(wanted))[0]).toBe(nearest);
});

test('another version than the wanted one is noted, the same is not', () => {
  expect(versionNote('22', '24.21.0')).toEqual(['asked for 22, used 24.21.0']);
  expect(versionNote('3.11', '3.11.7')).toEqual([]);
  expect(versionNote('3.1', '3.11.7')).toEqual(['asked for 3.1, used 3.11.7']);
});
