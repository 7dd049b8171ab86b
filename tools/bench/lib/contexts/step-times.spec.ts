import { between, quantileWithin, readHistograms } from './step-times.ts';

const scrape = (fast: number, all: number) => `
# TYPE step_seconds histogram
step_seconds_bucket{le="0.005",step="pack"} ${fast}
step_seconds_bucket{le="0.1",step="pack"} ${all}
step_seconds_bucket{le="+Inf",step="pack"} ${all}
step_seconds_sum{step="pack"} 1.5
whole_seconds_bucket{le="+Inf"} 3
`;

describe('the histograms of two scrapes', () => {
  const buckets = (before: string, after: string) =>
    between(readHistograms(before), readHistograms(after), 'step_seconds step="pack"');

  it('give what was observed between them, by upper bound', () => {
    expect([...buckets(scrape(2, 5), scrape(10, 25))]).toEqual([
      [0.005, 8],
      [0.1, 20],
      [Infinity, 20],
    ]);
    expect(readHistograms(scrape(1, 1)).get('whole_seconds')).toEqual(new Map([[Infinity, 3]]));
  });

  it.each([
    [0.4, { above: 0, atMost: 0.005 }],
    [0.41, { above: 0.005, atMost: 0.1 }],
    [1, { above: 0.005, atMost: 0.1 }],
  ])('say between which bounds the quantile %d lies', (quantile, bounds) => {
    expect(quantileWithin(buckets(scrape(0, 0), scrape(8, 20)), quantile)).toEqual(bounds);
  });

  it('have no quantiles where nothing was observed', () => {
    expect(quantileWithin(buckets(scrape(3, 3), scrape(3, 3)), 0.5)).toBeUndefined();
  });
});
