import { LIST, LIVE, READY, type Sample } from './probes.ts';
import { verdict, type Course } from './verdict.ts';

const BEGAN = 100_000;
const ENDED = BEGAN + 60_000;
const BACK = ENDED + 5_000;

/** An answer that came 10 ms after the question. */
function answer(app: string, path: string, from: number, status: number | undefined): Sample {
  return { app, path, status, from, to: from + 10 };
}

function course(samples: readonly Sample[], lists: Course['lists'] = 200): Course {
  return { beganAt: BEGAN, endedAt: ENDED, backAt: BACK, noticeMs: 15_000, lists, samples };
}

/** An app that says the truth: ready, not ready 2 s after the begin, ready again 3 s after the server is back. */
function truthful(app: string): Sample[] {
  return [
    answer(app, READY, BEGAN + 100, 200),
    answer(app, READY, BEGAN + 2_000, 503),
    answer(app, READY, BEGAN + 40_000, 503),
    answer(app, READY, BACK + 3_000, 200),
    answer(app, LIVE, BEGAN + 40_000, 200),
  ];
}

describe('the verdict on an outage', () => {
  it('finds nothing wrong with apps that say how they are, and names the slowest times', () => {
    const samples = [...truthful('api'), answer('ingest', READY, BEGAN + 9_000, 503)];
    samples.push(answer('ingest', READY, BACK + 7_000, 200));
    expect(verdict(course(samples))).toEqual({ problems: [], noticedMs: 9_010, readyMs: 7_010 });
  });

  it.each([
    ['that is ready after the time to notice', answer('api', READY, BEGAN + 16_000, 200), /readyz with 200/],
    ['whose /readyz breaks', answer('api', READY, BEGAN + 30_000, 500), /readyz with 500/],
    ['whose /livez fails', answer('api', LIVE, BEGAN + 30_000, 503), /livez with 503/],
    ['that lists no builds', answer('api', LIST, BEGAN + 30_000, 503), /builds\?limit=1 with 503/],
  ])('complains about an app %s', (_what, sample, complaint) => {
    const { problems } = verdict(course([...truthful('api'), sample].sort((a, b) => a.from - b.from)));
    expect(problems).toEqual([expect.stringMatching(complaint)]);
  });

  it('lets an app waver until the time to notice has passed', () => {
    const samples = truthful('api');
    samples.splice(2, 0, answer('api', READY, BEGAN + 3_000, 200), answer('api', READY, BEGAN + 8_000, 503));
    expect(verdict(course(samples))).toMatchObject({ problems: [], noticedMs: 8_010 });
  });

  it('takes silence for "not ready", but not for a list where the ledger is there', () => {
    const silent = answer('api', READY, BEGAN + 20_000, undefined);
    expect(verdict(course([...truthful('api'), silent])).problems).toEqual([]);
    const list = answer('api', LIST, BEGAN + 20_000, undefined);
    expect(verdict(course([...truthful('api'), list], 503)).problems).toEqual([]);
    expect(verdict(course([...truthful('api'), list], 200)).problems).toHaveLength(1);
  });

  it('forgives /livez a silence, as a kubelet does, until it is the third in a row', () => {
    const silences = (count: number): Sample[] =>
      Array.from({ length: count }, (_, index) => answer('api', LIVE, BEGAN + 41_000 + index, undefined));
    expect(verdict(course([...truthful('api'), ...silences(2)])).problems).toEqual([]);
    const { problems } = verdict(course([...truthful('api'), ...silences(3)]));
    expect(problems).toEqual([expect.stringMatching(/api said nothing to \/livez/)]);
  });

  it('complains about an app that notices nothing, and one that does not come back', () => {
    const blind = [answer('api', READY, BEGAN + 100, 200), answer('api', READY, BACK + 100, 200)];
    expect(verdict(course(blind)).problems).toEqual(['not every app said that it was not ready']);
    const lost = truthful('api').filter(({ from }) => from < BACK);
    expect(verdict(course(lost)).problems).toEqual(['not every app got ready again']);
  });
});
