import { isLedgerAway } from './away';

interface Waiting<Request, Result> {
  request: Request;
  weight: number;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

export interface GroupCommitOptions<Request, Result> {
  /** Writes several requests in one commit; an answer that is an error concerns its own request alone. */
  commit: (requests: readonly Request[]) => Promise<(Result | Error)[]>;
  /** Requests of the same key are committed one after another, in the order in which they came. */
  keyOf: (request: Request) => string;
  /** Requests in one commit. */
  limit: number;
  /** What a request adds to a commit, and how much one commit may carry; a single request may be more. */
  weightOf: (request: Request) => number;
  heaviest: number;
  /** Commits at the same time. */
  concurrency: number;
}

/**
 * Lets requests that come while commits are under way share the next one: under load one commit carries many, and a
 * single request never waits for others to come.
 */
export class GroupCommit<Request, Result> {
  private waiting: Waiting<Request, Result>[] = [];
  /** The keys of what is being committed. */
  private readonly committing = new Set<string>();
  private commits = 0;

  constructor(private readonly options: GroupCommitOptions<Request, Result>) {}

  add(request: Request): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ request, weight: this.options.weightOf(request), resolve, reject });
      this.next();
    });
  }

  private next(): void {
    if (this.commits >= this.options.concurrency) return;
    const group = this.take();
    if (group.length > 0) void this.run(group);
  }

  private async run(group: readonly Waiting<Request, Result>[]): Promise<void> {
    const keys = group.map(({ request }) => this.options.keyOf(request));
    for (const key of keys) this.committing.add(key);
    this.commits += 1;
    await this.commit(group);
    this.commits -= 1;
    for (const key of keys) this.committing.delete(key);
    this.next();
  }

  private take(): Waiting<Request, Result>[] {
    const keys = new Set(this.committing);
    const group: Waiting<Request, Result>[] = [];
    const rest: Waiting<Request, Result>[] = [];
    let weight = 0;
    for (const entry of this.waiting) {
      const key = this.options.keyOf(entry.request);
      const fits = group.length < this.options.limit && !keys.has(key);
      keys.add(key);
      const bearable = group.length === 0 || weight + entry.weight <= this.options.heaviest;
      if (fits && bearable) {
        weight += entry.weight;
        group.push(entry);
      } else rest.push(entry);
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
