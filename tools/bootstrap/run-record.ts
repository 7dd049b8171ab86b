import type { Context } from './context.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { isAlive, type ProcessIdentity } from './process-identity.ts';
import { Refusal } from './refusal.ts';

export interface Addresses {
  /** With user and password. */
  amqp: string;
  sidecarAmqp: string;
  database: string;
  api: string;
  events: string;
  functions: string;
}

/** What the start commands left running: a process of ours, or the broker's container. */
export interface ProcessRecord extends ProcessIdentity {
  name: string;
  port: number;
  /** Name of the Docker container; `pid` and `startTime` mean nothing then. */
  container?: string;
}

interface Stored {
  addresses: Partial<Addresses>;
  processes: ProcessRecord[];
}

/** The file that lets a later command find, ask and stop what an earlier one started. */
export class RunRecord {
  private readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  private read(): Stored {
    return readJsonFile<Stored>(this.path) ?? { addresses: {}, processes: [] };
  }

  addresses(): Partial<Addresses> {
    return this.read().addresses;
  }

  /** In the order in which they were started, ended ones included. */
  processes(): ProcessRecord[] {
    return this.read().processes;
  }

  /** The process of that name if it still runs. A container counts as running until `remove`. */
  running(name: string): ProcessRecord | undefined {
    return this.processes().find(
      (entry) => entry.name === name && (entry.container !== undefined || isAlive(entry)),
    );
  }

  add(entry: ProcessRecord): void {
    const stored = this.read();
    stored.processes = [...stored.processes.filter(({ name }) => name !== entry.name), entry];
    writeJsonFile(this.path, stored);
  }

  remove(name: string): void {
    const stored = this.read();
    stored.processes = stored.processes.filter((entry) => entry.name !== name);
    writeJsonFile(this.path, stored);
  }

  setAddresses(addresses: Partial<Addresses>): void {
    const stored = this.read();
    stored.addresses = { ...stored.addresses, ...addresses };
    writeJsonFile(this.path, stored);
  }
}

/** Parts that were left running keep their ports; the new ones have to stand beside them. */
export function requireSameBase(context: Context, record: RunRecord): void {
  const recorded = record.addresses().api;
  if (
    !recorded ||
    recorded.endsWith(`:${context.ports.base}`) ||
    !record.processes().some(({ name }) => record.running(name))
  )
    return;
  throw new Refusal(
    `Parts of this clone run at ${recorded}, which is not ${context.ports.variable}=${context.ports.base}: stop them first with npm stop.`,
  );
}
