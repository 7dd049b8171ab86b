import { median, medianRatio, percentile, slope } from './statistics.ts';

const HUNDRED = Array.from({ length: 100 }, (_, index) => 100 - index);

it.each([
  [50, 50],
  [95, 95],
  [99, 99],
  [99.5, 100],
  [100, 100],
  [0, 1],
])('the %d. percentile of 1 to 100, in any order, is %d', (percent, expected) => {
  expect(percentile(HUNDRED, percent)).toBe(expected);
});

it('compares numbers as numbers and leaves the list as it was', () => {
  const values = [10, 9, 100];
  expect(median(values)).toBe(10);
  expect(values).toEqual([10, 9, 100]);
});

it('takes a single value for every percentile', () => {
  expect([1, 50, 99].map((percent) => percentile([7], percent))).toEqual([7, 7, 7]);
});

it('compares each round with its own baseline, so that a slow round does not count as a slow program', () => {
  expect(medianRatio([100, 10, 300], [50, 5, 100])).toBe(2);
});

it.each([
  [[3, 5, 7, 9], 2],
  [[4, 4, 4], 0],
  [[10, 9], -1],
  // Up and down around a line that rises by one: what is above it and what is below cancel out.
  [[1, 1, 3, 5, 5], 1.2],
])('the line through %j rises by %d', (values, expected) => {
  expect(slope(values)).toBeCloseTo(expected, 10);
});
