import { isLedgerAway } from './away';

interface Waiting<Request, Result> {
  request: Request;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

export interface GroupCommitOptions<Request, Result> {
  /** Writes several requests in one commit; an answer that is an error concerns its own request alone. */
  commit: (requests: readonly Request[]) => Promise<(Result | Error)[]>;
  /** Requests of the same key never share a commit, and are committed in the order in which they came. */
  keyOf: (request: Request) => string;
  limit: number;
}

/**
 * Lets requests that come while a commit is under way share the next one: under load one commit carries many, and a
 * single request never waits for others to come.
 */
export class GroupCommit<Request, Result> {
  private waiting: Waiting<Request, Result>[] = [];
  private committing = false;

  constructor(private readonly options: GroupCommitOptions<Request, Result>) {}

  add(request: Request): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ request, resolve, reject });
      if (!this.committing) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.committing = true;
    while (this.waiting.length > 0) await this.commit(this.take());
    this.committing = false;
  }

  private take(): Waiting<Request, Result>[] {
    const keys = new Set<string>();
    const group: Waiting<Request, Result>[] = [];
    const rest: Waiting<Request, Result>[] = [];
    for (const entry of this.waiting) {
      const key = this.options.keyOf(entry.request);
      const fits = group.length < this.options.limit && !keys.has(key);
      keys.add(key);
      (fits ? group : rest).push(entry);
    }
    this.waiting = rest;
    return group;
  }

  private async commit(group: readonly Waiting<Request, Result>[]): Promise<void> {
    try {
      const results = await this.options.commit(group.map((entry) => entry.request));
      group.forEach((entry, index) => settle(entry, results[index]!));
    } catch (error) {
      // One of several is to blame, and only alone can it be found. A ledger that is away blames none of them.
      if (group.length === 1 || isLedgerAway(error)) for (const entry of group) entry.reject(error);
      else for (const entry of group) await this.commit([entry]);
    }
  }
}

function settle<Request, Result>(entry: Waiting<Request, Result>, result: Result | Error): void {
  if (result instanceof Error) entry.reject(result);
  else entry.resolve(result);
}
