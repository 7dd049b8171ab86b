import { LIST, LIVE, READY, type Sample } from './probes.ts';

/** What happened when, in Unix milliseconds, and what was to be seen of it. */
export interface Course {
  beganAt: number;
  /** From then on the server was being brought up again. */
  endedAt: number;
  /** From then on it answered. */
  backAt: number;
  noticeMs: number;
  lists: 200 | 503;
  samples: readonly Sample[];
}

export interface Verdict {
  /** Sentences that say what was not as it has to be. */
  problems: string[];
  /** Milliseconds until no app said any more that it was ready, and until all were ready again. */
  noticedMs: number | undefined;
  readyMs: number | undefined;
}

/** What was asked before the server went may still be answered. */
const SETTLED_MS = 1_000;
/** The `failureThreshold` of a liveness probe where none is set (Kubernetes docs, "Configure probes"). */
const SILENCES = 3;
/** An app whose ledger is halted may also take longer than anybody waits. */
const ALLOWED: Record<Course['lists'], readonly (number | undefined)[]> = {
  200: [200],
  503: [503, undefined],
};

function shown(status: number | undefined): string {
  return status === undefined ? 'nothing' : String(status);
}

/** `api answered /readyz with 200, 3 times`, for each app that did so. */
function wrong(samples: readonly Sample[], is: (sample: Sample) => boolean): string[] {
  const counts = new Map<string, number>();
  for (const sample of samples.filter(is)) {
    const what = `${sample.app} answered ${sample.path} with ${shown(sample.status)}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].map(([what, count]) => `${what}, ${count} times`);
}

/** Apps that left `/livez` unanswered so often in a row that a kubelet would end them. */
function silent(samples: readonly Sample[]): string[] {
  const inRow = new Map<string, number>();
  const found = new Set<string>();
  for (const { app, status } of samples.filter(({ path }) => path === LIVE)) {
    inRow.set(app, status === undefined ? (inRow.get(app) ?? 0) + 1 : 0);
    if (inRow.get(app) === SILENCES) found.add(`${app} said nothing to /livez ${SILENCES} times in a row`);
  }
  return [...found];
}

/**
 * Milliseconds from `begin` until every app was ready, or was not, and stayed so up to `end`; undefined where one did not
 * come to that.
 */
function settledMs(
  samples: readonly Sample[],
  begin: number,
  end: number,
  ready: boolean,
): number | undefined {
  const asked = samples.filter(({ path }) => path === READY);
  const within = asked.filter(({ from, to }) => from >= begin && to <= end);
  const times = [...new Set(asked.map(({ app }) => app))].map((app) => {
    const own = within.filter((each) => each.app === app);
    return own[own.findLastIndex(({ status }) => (status === 200) !== ready) + 1]?.to;
  });
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 || known.length < times.length ? undefined : Math.max(...known) - begin;
}

/** Judges an outage by what the apps answered meanwhile. That an app says nothing counts as "not ready", as it does for a kubelet. */
export function verdict({ beganAt, endedAt, backAt, noticeMs, lists, samples }: Course): Verdict {
  const during = samples.filter(({ from, to }) => from >= beganAt && to <= endedAt);
  const noticedMs = settledMs(samples, beganAt, endedAt, false);
  const readyMs = settledMs(samples, backAt, Infinity, true);
  const problems = [
    ...wrong(
      during,
      ({ path, status, from }) =>
        path === READY && from >= beganAt + noticeMs && status !== 503 && status !== undefined,
    ),
    ...wrong(
      during,
      ({ path, status, from }) =>
        path === LIST && from >= beganAt + SETTLED_MS && !ALLOWED[lists].includes(status),
    ),
    ...wrong(samples, ({ path, status }) => path === LIVE && status !== 200 && status !== undefined),
    ...silent(samples),
  ];
  if (noticedMs === undefined && endedAt - beganAt > noticeMs)
    problems.push('not every app said that it was not ready');
  if (readyMs === undefined) problems.push('not every app got ready again');
  return { problems, noticedMs, readyMs };
}
