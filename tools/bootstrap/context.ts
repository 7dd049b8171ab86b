import { join } from 'node:path';
import { statePaths, type StatePaths } from './state-folder.ts';
import { portsFrom, type Ports } from './ports.ts';
import type { Steps } from './steps.ts';

/** `start` holds what the user keeps between runs, `test` is made anew by each run of the tests. */
export type Purpose = 'start' | 'test';

/** What every concern of a command needs; made once, in main.ts, from the process's own surroundings. */
export interface Context {
  /** The clone, as a real path; also the working directory. */
  root: string;
  purpose: Purpose;
  env: NodeJS.ProcessEnv;
  asRoot: boolean;
  state: StatePaths;
  ports: Ports;
  steps: Steps;
  /** Aborts on SIGINT, SIGTERM and SIGHUP. */
  signal: AbortSignal;
}

export interface Surroundings {
  root: string;
  env: NodeJS.ProcessEnv;
  asRoot: boolean;
  steps: Steps;
  signal: AbortSignal;
}

const DEFAULT_BASE: Record<Purpose, number> = { start: 8080, test: 9080 };
const BASE_VARIABLE: Record<Purpose, string> = { start: 'SLIPWAY_PORT_BASE', test: 'SLIPWAY_TEST_PORT_BASE' };

/** Throws a Refusal where the port base that was asked for cannot be used. */
export function createContext(purpose: Purpose, from: Surroundings): Context {
  // Programs find `node` and the tools of the lock file first, also when npm did not start us.
  const env = { ...from.env, PATH: `${join(from.root, 'node_modules', '.bin')}:${from.env.PATH ?? ''}` };
  const ports = portsFrom(from.env[BASE_VARIABLE[purpose]], DEFAULT_BASE[purpose], BASE_VARIABLE[purpose]);
  return { ...from, env, purpose, ports, state: statePaths(purpose, from) };
}
