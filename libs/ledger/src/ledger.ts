import { DEFAULT_NAMING, type EventNaming } from '@slipway/contracts';
import { AppLeases } from './app-leases';
import { acceptBuilds, functionKeyOf, type AcceptRequest, type Accepted } from './builds/accept-build';
import { Attempts } from './builds/attempts';
import type { BuildRow } from './builds/build-row';
import { cancelBuild, cancelFunctionBuilds, type CancelRequest } from './builds/cancel-build';
import { Coalescing } from './builds/coalescing';
import { Preparation } from './builds/preparation';
import { Slots } from './builds/slots';
import { StoredContexts } from './contexts/stored-contexts';
import { Database, type DatabaseOptions } from './database/database';
import { GroupCommit } from './database/group-commit';
import { Notifications } from './database/notifications';
import { DueWork } from './due-work/due-work';
import type { InboxKey } from './inbox';
import { Deliveries } from './functions/deliveries';
import { Deployments } from './functions/deployments';
import { BuildLogs } from './logs/build-logs';
import { Facts, type OutgoingMessage } from './outbox/facts';
import { enqueue } from './outbox/outbox';
import { OutboxShards } from './outbox/outbox-shards';
import { BuildQueries } from './queries/build-queries';
import { FunctionQueries } from './queries/function-queries';
import { StatsQueries } from './queries/stats';

/** Start events in one commit, and commits under way: while PostgreSQL works on one, this process makes the next. */
const ACCEPTED_TOGETHER = 96;
const ACCEPTING_COMMITS = 2;
/** Characters of the requests in one commit: to write more at once keeps the process from everything else. */
const ACCEPTED_CHARACTERS = 4 * 1024 ** 2;
/** So many start events are worth holding at once. */
export const ACCEPTED_AT_ONCE = ACCEPTED_TOGETHER * ACCEPTING_COMMITS;

export interface LedgerOptions extends DatabaseOptions {
  naming?: EventNaming;
}

/** The truth about builds and functions. One object per process, made of small parts that share its connections. */
export class Ledger {
  readonly database: Database;
  readonly notifications: Notifications;
  readonly facts: Facts;
  readonly due: DueWork;
  readonly outbox: OutboxShards;
  readonly preparation: Preparation;
  readonly contexts: StoredContexts;
  readonly slots: Slots;
  readonly attempts: Attempts;
  readonly coalescing: Coalescing;
  readonly deployments: Deployments;
  readonly deliveries: Deliveries;
  readonly logs: BuildLogs;
  readonly builds: BuildQueries;
  readonly functions: FunctionQueries;
  readonly stats: StatsQueries;
  readonly leases: AppLeases;
  private readonly accepting: GroupCommit<AcceptRequest, Accepted>;

  constructor(options: LedgerOptions, onProblem?: (error: unknown) => void) {
    this.database = new Database(options);
    this.notifications = new Notifications(options.url, onProblem);
    this.facts = new Facts(options.naming ?? DEFAULT_NAMING);
    this.due = new DueWork(this.database);
    this.outbox = new OutboxShards(this.database);
    this.preparation = new Preparation(this.database, this.due, this.facts);
    this.contexts = new StoredContexts(this.database);
    this.slots = new Slots(this.database, this.facts);
    this.attempts = new Attempts(this.database, this.due, this.facts);
    this.coalescing = new Coalescing(this.database, this.due, this.facts);
    this.deployments = new Deployments(this.database, this.due, this.facts);
    this.deliveries = new Deliveries(this.database, this.due);
    this.logs = new BuildLogs(this.database);
    this.builds = new BuildQueries(this.database);
    this.functions = new FunctionQueries(this.database);
    this.stats = new StatsQueries(this.database);
    this.leases = new AppLeases(this.database);
    this.accepting = new GroupCommit<AcceptRequest, Accepted>({
      commit: (requests) => acceptBuilds(this.database, this.facts, requests),
      keyOf: functionKeyOf,
      limit: ACCEPTED_TOGETHER,
      concurrency: ACCEPTING_COMMITS,
      weightOf: ({ request }) => JSON.stringify(request).length,
      heaviest: ACCEPTED_CHARACTERS,
    });
  }

  /** Migrates and begins to listen. */
  async open(): Promise<void> {
    await this.database.migrate();
    await this.notifications.start();
  }

  async close(): Promise<void> {
    await this.notifications.close();
    await this.database.close();
  }

  /** Records a start event; under load several share a commit. Fails with `event_id_reused`. */
  acceptBuild(request: AcceptRequest): Promise<Accepted> {
    return this.accepting.add(request);
  }

  cancelBuild(buildId: string, request: CancelRequest): Promise<BuildRow> {
    return cancelBuild(this.database, this.facts, buildId, request);
  }

  cancelFunctionBuilds(
    inbox: InboxKey,
    ids: { tenant: string; parser: string },
    request: CancelRequest,
  ): Promise<BuildRow[]> {
    return cancelFunctionBuilds(this.database, this.facts, inbox, ids, request);
  }

  /** Publishes messages that announce no change of ours, through the same outbox as all others. */
  async publish(messages: readonly OutgoingMessage[]): Promise<void> {
    await this.database.transaction((tx) => enqueue(tx, messages));
  }
}
