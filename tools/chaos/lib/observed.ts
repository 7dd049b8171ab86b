/** A start event that a client sent and that Slipway took over: 202 over HTTP, or the broker's confirm. */
export interface SentStart {
  tenant: string;
  parser: string;
  /** CloudEvents `source` and `id`. */
  source: string;
  id: string;
  by: 'http' | 'amqp';
  /** Unix milliseconds of the first time that it was taken over. */
  at: number;
  /** What the answer named, over HTTP. */
  buildId?: string;
  /** SHA-256 of the data as sent, to tell a repetition from another content under the same id. */
  content: string;
}

/** A cancel and what came of it as far as the client saw. */
export interface SentCancel {
  buildId: string;
  by: 'http' | 'amqp';
  at: number;
  /** HTTP status; 0 where the event was confirmed by the broker alone. */
  status: number;
}

/** A message as an independent subscriber of the exchange got it. */
export interface ReceivedEvent {
  type: string;
  source: string;
  id: string;
  subject?: string;
  /** Parsed data; undefined where it was no JSON. */
  data?: Record<string, unknown>;
  at: number;
}

/** Everything that the outside saw of a run. */
export interface Observed {
  starts: SentStart[];
  cancels: SentCancel[];
  events: ReceivedEvent[];
}

/** Where the system under test keeps what the invariants speak of. */
export interface Traces {
  /** postgres:// URL of the ledger. */
  database: string;
  /** STATE_DIR of the apps: jobs, images, services, contexts. */
  stateDir: string;
  /** Texts that must never leave their boundary: passwords and the like. */
  secrets: readonly string[];
}

/** An invariant that does not hold. */
export interface Break {
  invariant: 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9' | 'I10';
  /** The build concerned, where there is one. */
  buildId?: string;
  message: string;
}
