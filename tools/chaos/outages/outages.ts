import { BROKER_PROCESS } from '../../bootstrap/broker-node.ts';
import { DATABASE_PROCESS } from '../../bootstrap/database.ts';
import type { ChaosSystem } from '../system/chaos-system.ts';
import type { OutagesOptions } from './options.ts';

export interface Outage {
  name: string;
  ms: number;
  /** Milliseconds within which every app has to say that it is not ready. */
  noticeMs: number;
  /** What a list of builds is answered with meanwhile: the api needs the ledger alone. */
  lists: 200 | 503;
  /** Resolves when the server answers again; to false where it may not be struck. */
  bring: (system: ChaosSystem) => Promise<boolean>;
}

const NOTICE_MS = 15_000;
/** Connections to a halted server stay open: heartbeats have to fail before anybody knows (10 s each, twice). */
const SILENT_NOTICE_MS = 30_000;

/** In the order in which they come. */
export function outagesOf({ database, broker, pause }: OutagesOptions): Outage[] {
  const [databaseMs, brokerMs] = [database * 1000, broker * 1000];
  const stopped: Outage[] = [
    {
      name: 'PostgreSQL stopped',
      ms: databaseMs,
      noticeMs: NOTICE_MS,
      lists: 503,
      bring: (system) => system.restartDatabase(databaseMs),
    },
    {
      name: 'RabbitMQ stopped',
      ms: brokerMs,
      noticeMs: NOTICE_MS,
      lists: 200,
      bring: (system) => system.restartBroker(brokerMs),
    },
  ];
  const halted: Outage[] = [
    {
      name: 'PostgreSQL halted',
      ms: databaseMs,
      noticeMs: SILENT_NOTICE_MS,
      lists: 503,
      bring: (system) => system.pauseServer(DATABASE_PROCESS, databaseMs),
    },
    {
      name: 'RabbitMQ halted',
      ms: brokerMs,
      noticeMs: SILENT_NOTICE_MS,
      lists: 200,
      bring: (system) => system.pauseServer(BROKER_PROCESS, brokerMs),
    },
  ];
  return pause ? [...stopped, ...halted] : stopped;
}
