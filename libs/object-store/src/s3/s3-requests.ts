import { setTimeout as pause } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { explained, mayPass } from './s3-errors';

/** How long and how often a server is asked. Times in milliseconds. */
export interface S3Limits {
  tries: number;
  /** For one try, its body included. The SDK's own default is to wait for ever (aws-sdk-js-v3 issue 6763). */
  tryMs: number;
  /** For all tries of one operation and the pauses between them. */
  totalMs: number;
}

export interface S3Options {
  /** For servers other than AWS. */
  endpoint?: string;
  region?: string;
  /** Bucket in the path instead of the host name, as most other servers want it. */
  forcePathStyle?: boolean;
  limits?: Partial<S3Limits>;
}

const LIMITS: S3Limits = { tries: 5, tryMs: 20_000, totalMs: 60_000 };
const CONNECT_MS = 5_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Requests to one S3 server under one set of limits. Credentials come from where the SDK looks for them (`AWS_*`, the
 * profile, the role of a service account or an instance).
 */
export class S3Requests {
  readonly client: S3Client;
  private readonly limits: S3Limits;

  constructor(options: S3Options) {
    this.limits = { ...LIMITS, ...options.limits };
    this.client = new S3Client({
      endpoint: options.endpoint,
      region: options.region ?? 'us-east-1',
      forcePathStyle: options.forcePathStyle,
      // Tried again here instead, where a broken body counts as well and one deadline covers everything.
      maxAttempts: 1,
      requestHandler: { connectionTimeout: Math.min(CONNECT_MS, this.limits.tryMs) },
    });
  }

  /** The end of an operation of several requests. */
  deadline(): AbortSignal {
    return AbortSignal.timeout(this.limits.totalMs);
  }

  /**
   * Does `attempt` until it succeeds, as often and as long as the limits allow, and only after failures that may pass.
   * Fails with a code of the catalogue; `name` is the object in its message.
   */
  async ask<T>(
    name: string,
    attempt: (options: { abortSignal: AbortSignal }) => Promise<T>,
    deadline = this.deadline(),
  ): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        const abortSignal = AbortSignal.any([deadline, AbortSignal.timeout(this.limits.tryMs)]);
        return await attempt({ abortSignal });
      } catch (error) {
        const failure = explained(error, name);
        if (tries >= this.limits.tries || !mayPass(failure)) throw failure;
        await pause(pauseMs(tries), undefined, { signal: deadline }).catch(() => {
          throw failure;
        });
      }
    }
  }
}

/** Any time up to a limit that doubles with each try, so that many clients do not come back together. */
function pauseMs(tries: number): number {
  return Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1));
}
