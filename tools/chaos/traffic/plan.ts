import type { Random } from '../lib/random.ts';
import { drawRead, drawRequest } from './asking.ts';
import { Contents } from './contents.ts';
import type { TrafficOptions } from './doors.ts';
import { BATCH, CANCEL_WITHIN, FUNCTIONS_PER_TENANT, MIX, startsPerWish } from './mix.ts';
import {
  isHttp,
  sourceOf,
  tenantOf,
  typeOf,
  type CancelEvent,
  type Command,
  type Door,
  type Following,
  type Sending,
  type Upload,
  type Wish,
} from './wish.ts';

export interface PlanOptions extends TrafficOptions {
  /** Whether sources may lie in the object store. */
  objects: boolean;
}

type Kind = Wish['kind'];

/** What may be drawn while no start event has gone over HTTP yet. */
const FIRST: readonly Kind[] = ['start', 'batch', 'cancel', 'read'];

const HTTP_DOORS: readonly Door[] = ['http-binary', 'http-structured'];

/**
 * Everything that the clients of a run will do, in the order of time, until the last start event. It follows from the seed
 * alone, not from what was drawn of `random` before.
 */
export function* wishes(random: Random, options: PlanOptions): Iterable<Wish> {
  const plan = new Plan(random.fork('wishes'), options);
  while (plan.starts < options.builds) yield* plan.next();
}

class Plan {
  starts = 0;
  private readonly random: Random;
  private readonly options: PlanOptions;
  private readonly contents: Contents;
  /** Keeps the ids and contents of runs with different seeds apart. */
  private readonly run: string;
  private readonly gap: number;
  private at = 0;
  private serial = 0;
  private readonly started: Command[] = [];
  /** Those of them that go over HTTP. */
  private readonly answered: Command[] = [];

  constructor(random: Random, options: PlanOptions) {
    this.random = random;
    this.options = options;
    this.run = random.below(36 ** 6).toString(36);
    this.contents = new Contents(random.fork('contents'), { run: this.run, objects: options.objects });
    this.gap = (1000 / options.ratePerSecond) * startsPerWish();
  }

  next(): Wish[] {
    this.at += this.random.next() * 2 * this.gap;
    const at = Math.round(this.at);
    const drawn = this.random.weighted(MIX.wishes);
    const kind = this.answered.length > 0 || FIRST.includes(drawn) ? drawn : 'start';
    switch (kind) {
      case 'start':
        return [{ at, kind, ...this.start(this.door()) }];
      case 'batch':
        return [{ at, kind, ...this.batch() }];
      case 'repeat':
        return [{ at, kind, command: this.random.pick(this.started), door: this.door() }];
      case 'conflict':
        return [{ at, kind, ...this.conflict() }];
      case 'rebuild':
        return [{ at, kind, ...this.rebuild() }];
      case 'cancel':
        return this.startAndCancel(at);
      case 'update':
        return [{ at, kind, ...this.after('service.update', { deploy: this.deployOptions() }) }];
      case 'delete':
        return [{ at, kind, ...this.after('service.delete', { reason: 'no longer needed' }) }];
      case 'call':
        return [{ at, kind, ...this.after('parser.start', { name: `caller-${this.serial}` }) }];
      case 'request':
        return [{ at, kind, ...drawRequest(this.random, this.answered) }];
      case 'read':
        return [{ at, kind, ...drawRead(this.random, this.answered, this.tenant()) }];
    }
  }

  private door(): Door {
    return this.random.weighted(MIX.doors);
  }

  private tenant(): string {
    return `tenant-${this.random.below(this.options.tenants)}`;
  }

  private command(type: string, tenant: string, parser: string, data: Command['data']): Command {
    this.serial += 1;
    const id = `${this.run}-${this.serial}`;
    return { specversion: '1.0', id, source: sourceOf(tenant), type: typeOf(type), subject: parser, data };
  }

  private start(door: Door): Sending & { uploads: Upload[] } {
    const tenant = this.tenant();
    const parser = `function-${this.random.below(FUNCTIONS_PER_TENANT)}`;
    const { data, uploads } = this.contents.draw(tenant);
    const priority = 1 + this.random.below(10);
    const command = this.command('build.start', tenant, parser, { ...data, runtime: 'nodejs24', priority });
    this.starts += 1;
    this.started.push(command);
    if (isHttp(door)) this.answered.push(command);
    return { command, door, uploads };
  }

  private batch(): { commands: Command[]; uploads: Upload[] } {
    const drawn = BATCH.smallest + this.random.below(BATCH.largest - BATCH.smallest + 1);
    const size = Math.min(drawn, this.options.builds - this.starts);
    const starts = Array.from({ length: size }, () => this.start('http-structured'));
    return {
      commands: starts.map(({ command }) => command),
      uploads: starts.flatMap(({ uploads }) => uploads),
    };
  }

  private conflict(): Following {
    const earlier = this.random.pick(this.answered);
    const data = { ...earlier.data, parameters: { other: 'content' } };
    return { of: earlier.id, command: { ...earlier, data }, door: this.door() };
  }

  private rebuild(): Following {
    this.starts += 1;
    return this.after('rebuild.start', { force: this.random.below(2) === 0 });
  }

  private startAndCancel(at: number): Wish[] {
    const start = this.start(this.random.pick(HTTP_DOORS));
    const delay = this.random.below(CANCEL_WITHIN + 1);
    const event = this.cancelEvent(start.command);
    const cancel = { at, kind: 'cancel', of: start.command.id, delay, ...(event ? { event } : {}) } as const;
    return [{ at, kind: 'start', ...start }, cancel];
  }

  private cancelEvent(start: Command): CancelEvent | undefined {
    const way = this.random.weighted(MIX.cancels);
    if (way === 'rest') return undefined;
    const command = this.command('build.cancel', tenantOf(start), start.subject, { reason: 'not wanted' });
    return { whole: way === 'function-by-event', command, door: this.door() };
  }

  /** A command to a function that has had a start event already. */
  private after(type: string, data: Command['data']): Following {
    const earlier = this.random.pick(this.answered);
    const command = this.command(type, tenantOf(earlier), earlier.subject, data);
    return { of: earlier.id, command, door: this.door() };
  }

  private deployOptions(): Record<string, unknown> {
    if (this.random.below(2) === 0) return { concurrency: 1 + this.random.below(20) };
    return { env: { MODE: `mode-${this.random.below(5)}` } };
  }
}
