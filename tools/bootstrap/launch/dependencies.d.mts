export interface Lock {
  packages: Record<string, { version?: string; optional?: boolean }>;
}

export function matchesLock(lock: Lock, installed: Lock): boolean;
export function installDependencies(
  root: string,
  run: (command: string, args: string[]) => Promise<number>,
): Promise<number>;
