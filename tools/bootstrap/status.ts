import { DATABASE_PROCESS } from './database.ts';
import { BROKER_PROCESS, EPMD_PROCESS } from './broker-node.ts';
import { APP_NAMES } from './ports.ts';
import { appReady, portAccepts } from './readiness.ts';
import type { Addresses, RunRecord } from './run-record.ts';
import type { Steps } from './steps.ts';

interface ProcessStatus {
  name: string;
  pid: number;
  running: boolean;
  port: number;
  ready: boolean;
}

export interface Status extends Partial<Omit<Addresses, 'sidecarAmqp'>> {
  processes: ProcessStatus[];
}

const SERVERS = [DATABASE_PROCESS, BROKER_PROCESS, EPMD_PROCESS];

/** What the record says, compared with what is really there. */
export async function readStatus(record: RunRecord): Promise<Status> {
  const { amqp, database, api, events, functions } = record.addresses();
  const look = async ({ name, pid, port }: { name: string; pid: number; port: number }) => {
    const running = record.running(name) !== undefined;
    const ready =
      running && (SERVERS.includes(name) ? await portAccepts(port) : (await appReady(port)) === true);
    return { name, pid, running, port, ready };
  };
  return {
    amqp,
    database,
    api,
    events,
    functions,
    processes: await Promise.all(record.processes().map(look)),
  };
}

/** All that `npm start` brings up runs and is ready. */
export function isUp({ processes }: Status): boolean {
  return (
    processes.every(({ ready }) => ready) &&
    APP_NAMES.every((app) => processes.some(({ name }) => name === app))
  );
}

export function printAddresses(
  steps: Steps,
  { api, events, functions }: Pick<Status, 'api' | 'events' | 'functions'>,
): void {
  steps.line(`  api        ${api}`);
  steps.line(`  events     ${events}/events`);
  steps.line(`  functions  ${functions}`);
}

/** Exit code: 0 when all is up, 3 when nothing runs, 1 when something is missing. */
export async function showStatus(record: RunRecord, steps: Steps, asJson: boolean): Promise<number> {
  const status = await readStatus(record);
  const anything = status.processes.some(({ running }) => running);
  const code = isUp(status) ? 0 : anything ? 1 : 3;
  if (asJson) {
    steps.line(JSON.stringify(status, null, 2));
    return code;
  }
  if (!anything) {
    steps.line('Slipway does not run: start it with npm start.');
    return code;
  }
  printAddresses(steps, status);
  for (const { name, pid, running, port, ready } of status.processes) {
    steps.line(
      `  ${ready ? '✔' : '✖'} ${name.padEnd(17)} ${ready ? 'ready' : running ? 'not ready' : 'has ended'}  port ${port}  process ${pid}`,
    );
  }
  return code;
}
