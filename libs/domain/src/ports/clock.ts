/** Where time comes from, so that tests decide it. What decides between processes uses the database's clock instead. */
export abstract class Clock {
  /** Milliseconds since 1970, UTC. */
  abstract now(): number;
}

/** Where fresh ids come from, so that tests decide them. */
export abstract class Ids {
  /** A random UUID. */
  abstract uuid(): string;
}
