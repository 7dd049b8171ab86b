import type { MIX } from './mix.ts';

/** A command as a client sends it: a CloudEvent 1.0 whose source names the tenant and whose subject names the function. */
export interface Command {
  specversion: '1.0';
  id: string;
  source: string;
  type: string;
  subject: string;
  data: Record<string, unknown>;
}

export type Door = keyof typeof MIX.doors;

/** Files to be in the object store, below a key, before an event names that key. */
export interface Upload {
  key: string;
  files: Record<string, string>;
}

/** A command and the door that it goes through. */
export interface Sending {
  command: Command;
  door: Door;
}

/** One that waits for the start event of the id `of`. */
export interface Following extends Sending {
  of: string;
}

/** `of` is the id of an earlier start event that went over HTTP: its answer says that the build is recorded. */
type Act =
  | ({ kind: 'start'; uploads: Upload[] } & Sending)
  | { kind: 'batch'; commands: Command[]; uploads: Upload[] }
  /** An earlier start event once more, unchanged. */
  | ({ kind: 'repeat' } & Sending)
  /** Another content under the id of an earlier start event: it must be refused. */
  | ({ kind: 'conflict' } & Following)
  /** `delay`: milliseconds after the start was answered. Over REST there is no command. */
  | { kind: 'cancel'; of: string; delay: number; event?: CancelEvent }
  | ({ kind: 'rebuild' } & Following)
  | ({ kind: 'update' | 'delete' | 'call' } & Following)
  /** A GET request to a function. */
  | { kind: 'request'; tenant: string; parser: string }
  /** A GET request to the api; `{build}` in the path stands for the build that came of `of`. */
  | { kind: 'read'; path: string; of?: string };

/** A cancel as an event: of the one build, whose id the sender fills in, or of all builds of the function. */
export interface CancelEvent extends Sending {
  whole: boolean;
}

/** One thing that a client does, and when: milliseconds after the start of the run, or later where it waits for `of`. */
export type Wish = Act & { at: number };

export type WishOf<Kind extends Wish['kind']> = Extract<Wish, { kind: Kind }>;

const SOURCE = 'network.notifi.';

export function sourceOf(tenant: string): string {
  return `${SOURCE}${tenant}`;
}

export function tenantOf({ source }: Command): string {
  return source.slice(SOURCE.length);
}

export function typeOf(name: string): string {
  return `network.notifi.lambda.${name}`;
}

export function isHttp(door: Door): boolean {
  return door.startsWith('http-');
}
