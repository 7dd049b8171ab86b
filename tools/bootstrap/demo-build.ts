import { Refusal } from './refusal.ts';
import { formatDuration } from './steps.ts';
import { waitFor } from './wait.ts';

export interface Cause {
  code: string;
  message: string;
  hint?: string;
  log_line?: string;
}

/** What the demo reads of a build (`GET /builds/{id}`). */
export interface DemoBuild {
  id: string;
  status: 'pending' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  phase: string;
  reused?: boolean;
  cause?: Cause | null;
  deployment?: { status: string; url?: string | null; cause?: Cause | null } | null;
}

interface Ask {
  api: string;
  signal: AbortSignal;
}

const BUILD_LIMIT_MS = 300_000;
const DEPLOY_LIMIT_MS = 120_000;

async function getJson<T>(url: string, signal: AbortSignal): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]) });
  if (!response.ok)
    throw new Refusal(
      `The api answered ${response.status} to ${url}: ${(await response.text()).slice(0, 300)}`,
    );
  return (await response.json()) as T;
}

/** The ids of the demo function's builds, newest first. */
export async function listDemoBuilds({ api, signal }: Ask): Promise<string[]> {
  const { builds } = await getJson<{ builds: DemoBuild[] }>(
    `${api}/builds?third_party_id=demo&parser_id=hello`,
    signal,
  );
  return builds.map(({ id }) => id);
}

/** One sentence for a person out of a recorded cause. */
export function causeSentence(what: string, cause: Cause | null | undefined): string {
  if (!cause) return `${what} failed and gave no cause.`;
  const line = cause.log_line ? ` The log says: ${cause.log_line}` : '';
  return `${what} failed (${cause.code}): ${[cause.message, cause.hint].filter(Boolean).join(' ')}${line}`;
}

/** Waits for a build that is not among the known ones. */
export async function findNewBuild(ask: Ask, known: readonly string[]): Promise<string> {
  const look = async () => (await listDemoBuilds(ask)).find((id) => !known.includes(id));
  const id = await waitFor(look, { limitMs: 30_000, signal: ask.signal });
  if (!id)
    throw new Refusal(
      'The event was published but no build came of it within 30 s: the log of the app ingest says more.',
    );
  return id;
}

/** Follows a build to its end and its function to readiness; each phase is noted with the time that has passed. */
export async function followBuild(ask: Ask, id: string, note: (text: string) => void): Promise<DemoBuild> {
  const started = Date.now();
  let shown = '';
  const look = async () => (await getJson<{ build: DemoBuild }>(`${ask.api}/builds/${id}`, ask.signal)).build;
  const show = (text: string) => {
    if (text !== shown) note(`${text} (+${formatDuration(Date.now() - started)})`);
    shown = text;
  };
  const ended = await waitFor(
    async () => {
      const build = await look();
      show(build.phase);
      return ['succeeded', 'failed', 'cancelled'].includes(build.status) ? build : undefined;
    },
    { limitMs: BUILD_LIMIT_MS, signal: ask.signal },
  );
  if (!ended)
    throw new Refusal(
      `The build ${id} has not ended within ${BUILD_LIMIT_MS / 1000} s: see ${ask.api}/builds/${id}/logs.`,
    );
  if (ended.status !== 'succeeded') throw new Refusal(causeSentence(`The build ${id}`, ended.cause));
  show(ended.reused ? 'reused an earlier build of the same source' : 'built');
  const deployed = await waitFor(
    async () => {
      const build = await look();
      const status = build.deployment?.status;
      show(`deployment ${status ?? 'none'}`);
      return status === 'ready' || status === 'failed' ? build : undefined;
    },
    { limitMs: DEPLOY_LIMIT_MS, signal: ask.signal },
  );
  if (!deployed)
    throw new Refusal(
      `The function was not ready within ${DEPLOY_LIMIT_MS / 1000} s: the log of the app service-deployer says more.`,
    );
  if (deployed.deployment?.status === 'failed')
    throw new Refusal(causeSentence('The deployment', deployed.deployment.cause));
  return deployed;
}
