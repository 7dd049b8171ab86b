import { setTimeout as pause } from 'node:timers/promises';
import {
  CoreV1Api,
  Observable,
  type ConfigurationOptions,
  type ObservableMiddleware,
  type RequestContext,
} from '@kubernetes/client-node';
import { explained, failureOf, mayPass, type ApiAction } from './api-failure';
import { kubeConfig } from './kube-config';

/** How long and how often the API server is asked. Times in milliseconds. */
export interface KubernetesLimits {
  tries: number;
  /** For one try, its body included; the client itself would wait five minutes. */
  tryMs: number;
  /** For all tries of one request and the pauses between them. */
  totalMs: number;
}

export interface KubernetesOptions {
  /** What KUBECONFIG holds; without it the service account of this pod asks. */
  kubeconfig?: string;
  limits?: Partial<KubernetesLimits>;
}

type Dispatcher = ReturnType<RequestContext['getDispatcher']>;

const LIMITS: KubernetesLimits = { tries: 5, tryMs: 20_000, totalMs: 60_000 };
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/** Requests to one API server under one set of limits. */
export class KubernetesClient {
  readonly core: CoreV1Api;
  private readonly limits: KubernetesLimits;
  private connections: Dispatcher;

  constructor(options: KubernetesOptions) {
    this.limits = { ...LIMITS, ...options.limits };
    this.core = kubeConfig(options.kubeconfig).makeApiClient(CoreV1Api);
  }

  /**
   * Does `attempt` until it succeeds, as often and as long as the limits allow, and only after failures that may pass.
   * The options that it gets go into the client's call. Fails with a code of the catalogue; `action` stands in its
   * message.
   */
  async ask<T>(action: ApiAction, attempt: (options: ConfigurationOptions) => Promise<T>): Promise<T> {
    const deadline = AbortSignal.timeout(this.limits.totalMs);
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.attempt(attempt, deadline);
      } catch (error) {
        const failure = failureOf(error);
        if (tries >= this.limits.tries || !mayPass(failure)) throw explained(error, action);
        await pause(pauseMs(tries, failure.retryAfterMs), undefined, { signal: deadline }).catch(() => {
          throw explained(error, action);
        });
      }
    }
  }

  private async attempt<T>(
    attempt: (options: ConfigurationOptions) => Promise<T>,
    deadline: AbortSignal,
  ): Promise<T> {
    let used: Dispatcher;
    const prepare = middleware((request) => {
      request.setSignal(AbortSignal.any([deadline, AbortSignal.timeout(this.limits.tryMs)]));
      // The client makes an agent, and so a connection, for each request (kubernetes-client/javascript issue 2893).
      used = this.connections ??= request.getDispatcher();
      if (used) request.setDispatcher(used);
    });
    try {
      return await attempt({ middleware: [prepare], middlewareMergeStrategy: 'append' });
    } catch (error) {
      if (failureOf(error).status === undefined) this.leave(used);
      throw error;
    }
  }

  /** After a failure without an answer: the connection may be dead, or the certificate behind it may have been renewed. */
  private leave(connections: Dispatcher): void {
    if (connections === undefined || connections !== this.connections) return;
    this.connections = undefined;
    void connections.close();
  }
}

function middleware(change: (request: RequestContext) => void): ObservableMiddleware {
  return {
    pre: (request) => {
      change(request);
      return new Observable(Promise.resolve(request));
    },
    post: (response) => new Observable(Promise.resolve(response)),
  };
}

/** Any time up to a limit that doubles with each try, so that many clients do not come back together. */
function pauseMs(tries: number, atLeast = 0): number {
  return atLeast + Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1));
}
