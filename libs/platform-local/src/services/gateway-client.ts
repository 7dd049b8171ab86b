import { SlipwayError, isErrorCode } from '@slipway/domain';
import { readJson } from '../files/json-file';
import { stateLayout } from '../layout/state-layout';
import type { GatewayAddress } from './service-record';

/** Longer than the gateway itself waits for a function to become ready. */
const TRIAL_MS = 60_000;
const REMOVED_MS = 5_000;

/** Asks the gateway's control endpoint. Fails with `unavailable` where no gateway answers. */
export class GatewayClient {
  constructor(private readonly root: string) {}

  /** Starts a revision's process and waits until it is ready. Fails with what the gateway says about it. */
  async trial(service: string, revision: string): Promise<void> {
    const response = await this.post('/trial', { service, revision }, TRIAL_MS);
    if (response.ok) return;
    throw errorOf(response.status, await response.json());
  }

  async removed(service: string): Promise<void> {
    await this.post('/removed', { service }, REMOVED_MS);
  }

  private async post(path: string, body: object, withinMs: number): Promise<Response> {
    const gateway = await readJson<GatewayAddress>(stateLayout(this.root).gatewayFile);
    if (gateway === undefined) throw away();
    try {
      return await fetch(`http://127.0.0.1:${gateway.port}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${gateway.token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(withinMs),
      });
    } catch (cause) {
      throw away(cause);
    }
  }
}

function away(cause?: unknown): SlipwayError {
  return new SlipwayError('unavailable', 'The gateway does not answer, so no function can be tried.', {
    cause,
  });
}

interface TrialProblem {
  code?: unknown;
  message?: unknown;
  hint?: unknown;
  log_line?: unknown;
}

function errorOf(status: number, problem: unknown): SlipwayError {
  const { code, message, hint, log_line: logLine }: TrialProblem = Object(problem) as TrialProblem;
  const known = isErrorCode(code) ? code : 'deploy_failed';
  return new SlipwayError(known, text(message) ?? `The gateway answered ${status}.`, {
    hint: text(hint),
    logLine: text(logLine),
  });
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
