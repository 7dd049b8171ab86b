import { watch, type FSWatcher } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import {
  currentFile,
  readJson,
  revisionFile,
  stateLayout,
  type CurrentRecord,
  type RevisionRecord,
} from '@slipway/platform-local';
import type { FunctionDefinition, FunctionLog } from './function-definition';

export interface FunctionCatalogueOptions {
  root: string;
  log: FunctionLog;
  /** How often the folder is read, whatever was watched. Default 2000. */
  everyMs?: number;
}

const NAME = /^[a-z0-9][a-z0-9-]{0,99}$/;
const EVERY_MS = 2_000;
const SETTLE_MS = 20;

/** The functions that are to be served, as the services folder says: a watch is a hint, the folder is the truth. */
export class FunctionCatalogue {
  private functions = new Map<string, FunctionDefinition>();
  private readonly listeners: ((functions: FunctionDefinition[]) => void)[] = [];
  private readonly services: string;
  private watcher: FSWatcher | undefined;
  private timer: NodeJS.Timeout | undefined;
  private hint: NodeJS.Timeout | undefined;
  private reading: Promise<void> = Promise.resolve();

  constructor(private readonly options: FunctionCatalogueOptions) {
    this.services = stateLayout(options.root).services;
  }

  /** Returns once the folder has been read for the first time. */
  async start(): Promise<void> {
    await mkdir(this.services, { recursive: true, mode: 0o711 });
    // Not recursive: functions write below it all the time. The deployer touches a file here after each change.
    this.watcher = watch(this.services, () => this.hinted());
    this.watcher.on('error', (error) =>
      this.options.log.warn({ err: error }, 'the services folder cannot be watched'),
    );
    this.timer = setInterval(() => void this.refresh(), this.options.everyMs ?? EVERY_MS);
    await this.refresh();
  }

  stop(): void {
    this.watcher?.close();
    clearInterval(this.timer);
    clearTimeout(this.hint);
  }

  /** Told of every change, with all functions. */
  onChange(listener: (functions: FunctionDefinition[]) => void): void {
    this.listeners.push(listener);
  }

  all(): FunctionDefinition[] {
    return [...this.functions.values()];
  }

  /** What serves; asks the folder where it is not known yet, so that a function answers right after it was deployed. */
  async find(service: string): Promise<FunctionDefinition | undefined> {
    return this.functions.get(service) ?? (NAME.test(service) ? this.readCurrent(service) : undefined);
  }

  /** A revision that need not serve yet. */
  async revision(service: string, revision: string): Promise<FunctionDefinition | undefined> {
    if (!NAME.test(service) || !NAME.test(revision)) return undefined;
    return readJson<RevisionRecord>(revisionFile(this.options.root, service, revision));
  }

  /** Reads the folder now. */
  refresh(): Promise<void> {
    this.reading = this.reading.then(() => this.read());
    return this.reading;
  }

  /** One change touches several files; they are read together. */
  private hinted(): void {
    clearTimeout(this.hint);
    this.hint = setTimeout(() => void this.refresh(), SETTLE_MS);
  }

  private async read(): Promise<void> {
    try {
      const names = (await readdir(this.services)).filter((name) => NAME.test(name)).sort();
      const found = await Promise.all(names.map((name) => this.readOne(name)));
      this.take(found.filter((definition) => definition !== undefined));
    } catch (error) {
      this.options.log.warn({ err: error }, 'the services folder cannot be read; what is known goes on');
    }
  }

  /** One broken folder must not take the others away: what was known of it stays. */
  private async readOne(service: string): Promise<FunctionDefinition | undefined> {
    try {
      return await this.readCurrent(service);
    } catch (error) {
      this.options.log.warn({ err: error, service }, 'a service cannot be read');
      return this.functions.get(service);
    }
  }

  private async readCurrent(service: string): Promise<FunctionDefinition | undefined> {
    const current = await readJson<CurrentRecord>(currentFile(this.options.root, service));
    return current && this.revision(service, current.revision);
  }

  private take(found: FunctionDefinition[]): void {
    const next = new Map(found.map((definition) => [definition.service, definition]));
    const changed = JSON.stringify([...next]) !== JSON.stringify([...this.functions]);
    this.functions = next;
    if (changed) for (const listener of this.listeners) listener(found);
  }
}
