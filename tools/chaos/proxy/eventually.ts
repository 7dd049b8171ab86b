import { waitFor } from '../../bootstrap/wait.ts';

/** Waits until a condition holds. Fails with the name of what did not come within 20 seconds. */
export async function eventually(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const look = async (): Promise<true | undefined> => (await holds()) || undefined;
  if (!(await waitFor(look, { limitMs: 20_000, intervalMs: 20 }))) throw new Error(`${what} did not come`);
}
