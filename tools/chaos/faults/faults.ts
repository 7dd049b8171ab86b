import { setTimeout as delay } from 'node:timers/promises';
import type { AppProcess } from '../system/app-process.ts';
import type { ChaosSystem } from '../system/chaos-system.ts';
import { INJECTIONS } from './inject.ts';
import type { FaultKind, PlannedFault } from './plan.ts';

const WATCH_MS = 250;
const CLOCK_MS = 50;
/** What halts itself at a point goes on after this time; what the plan halts, after the time of the plan. */
const SELF_FREEZE_MS = 3_000;
/** These are asked for beforehand and come about when there is something to lose. */
const COUNTED_BY_LINKS: ReadonlySet<FaultKind> = new Set(['lost-commit', 'swallowed-confirms']);

/** Carries out a plan of faults while the traffic runs, and counts what came about. */
export class Faults {
  /** By kind, those left out that the links count. */
  private readonly noted: Record<string, number> = {};
  /** When the last one was over, in Unix milliseconds. */
  lastAt = Date.now();
  private readonly system: ChaosSystem;
  private readonly tell: (text: string) => void;
  private readonly under = new Set<Promise<void>>();
  private readonly halted = new Map<string, number>();
  private armedKills = 0;
  /** Faults that could not be brought about, in sentences. */
  readonly failures: string[] = [];

  constructor(system: ChaosSystem, tell: (text: string) => void) {
    this.system = system;
    this.tell = tell;
  }

  /** What came about, by kind; `armed-kill` and `armed-freeze` are those of named points. */
  get counts(): Record<string, number> {
    const { apps } = this.system;
    return {
      ...this.noted,
      'lost-commit': apps.reduce((sum, app) => sum + app.postgres.counts.commits, 0),
      'swallowed-confirm': apps.reduce((sum, app) => sum + app.amqp.counts.confirms, 0),
    };
  }

  /**
   * Goes on until the signal, then waits for those under way and lets everything go on. The times of the plan are those of
   * `clock`, in milliseconds: while the clients are held back, nothing new is done to a system that is behind.
   */
  async run(plan: Iterable<PlannedFault>, clock: () => number, signal: AbortSignal): Promise<void> {
    const begin = Date.now();
    for (const fault of plan) {
      while (clock() < fault.atMs && !signal.aborted) await delay(CLOCK_MS);
      if (signal.aborted) break;
      this.begin(fault, begin);
    }
    await Promise.all(this.under);
    this.system.release();
    this.lastAt = Date.now();
  }

  private begin(fault: PlannedFault, begin: number): void {
    if (fault.kind === 'freeze') this.halted.set(this.nameOf(fault), Date.now() + fault.ms);
    const since = (): string => `${((Date.now() - begin) / 1000).toFixed(1).padStart(7)} s`;
    const work = INJECTIONS[fault.kind](this.system, fault)
      .then((what) => {
        if (what === undefined) return;
        if (!COUNTED_BY_LINKS.has(fault.kind)) this.note(fault.kind);
        this.tell(`${since()}  ${what}`);
      })
      .catch((error: unknown) => {
        if (this.system.scratch.context.signal.aborted) return; // It was broken off with the run.
        this.failures.push(`the fault ${fault.kind} could not be brought about or undone: ${String(error)}`);
      })
      .finally(() => this.under.delete(work));
    this.under.add(work);
  }

  private nameOf(fault: PlannedFault): string {
    const replicas = this.system.replicasOf(fault.app);
    return replicas[fault.replica % replicas.length]!.name;
  }

  private note(kind: string): void {
    this.noted[kind] = (this.noted[kind] ?? 0) + 1;
    this.lastAt = Date.now();
  }

  /**
   * Until the signal: lets halted processes go on when their time has come, and notes what armed points have brought. To be
   * run beyond the plan, since a point may be reached long after it was armed.
   */
  async watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await delay(WATCH_MS);
      for (const app of this.system.apps) this.thaw(app);
      const armedKills = this.system.apps.reduce((sum, app) => sum + app.armedKills, 0);
      for (; this.armedKills < armedKills; this.armedKills += 1) this.note('armed-kill');
    }
  }

  private thaw(app: AppProcess): void {
    if (!app.frozen) return;
    if (!this.halted.has(app.name)) {
      this.note('armed-freeze');
      this.halted.set(app.name, Date.now() + SELF_FREEZE_MS);
    }
    if (Date.now() < this.halted.get(app.name)!) return;
    this.halted.delete(app.name);
    app.signal('SIGCONT');
    this.lastAt = Date.now();
  }
}
