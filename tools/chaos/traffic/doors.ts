/** Where an outside client reaches the system. */
export interface Doors {
  /** amqp:// URL of the broker. */
  amqp: string;
  /** http:// addresses of the api, of ingest, and of the gateway. */
  api: string;
  events: string;
  functions: string;
  /** Folder of the file object store's bucket of sources; without it every source is sent inline. */
  objects?: string;
  /** The exchange for events, where it is not `cloud-events`. */
  exchange?: string;
}

export const EVENT_EXCHANGE = 'cloud-events';

export interface TrafficOptions {
  /** Start events in all. */
  builds: number;
  /** Start events per second, on average. */
  ratePerSecond: number;
  tenants: number;
  /** Resolves when the system can take another start: what is behind its rate is held back, not piled up. */
  pace?: (signal: AbortSignal) => Promise<void>;
}
