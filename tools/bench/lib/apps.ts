import { startApp as bringUp } from '../../bootstrap/apps.ts';
import { requireFreePort, type AppName } from '../../bootstrap/ports.ts';
import type { ProcessRecord } from '../../bootstrap/run-record.ts';
import type { Scratch } from '../../bootstrap/scratch.ts';
import { terminate } from '../../bootstrap/terminate.ts';

/** Starts one app as `npm start` does, alone, and returns its process when it is ready. */
export async function startApp(scratch: Scratch, app: AppName): Promise<ProcessRecord> {
  const { context, record, addresses } = scratch;
  await requireFreePort(context.ports.apps[app], `the app ${app}`, context.ports);
  await bringUp(context, record, addresses, app);
  return record.running(app)!;
}

/** Stops an app in good order and returns when its process is gone. */
export async function stopApp({ record }: Scratch, app: AppName): Promise<void> {
  const running = record.running(app);
  if (running) await terminate(running, { group: true });
  record.remove(app);
}

/** The same surroundings, with these settings for the apps that are started in them. */
export function withSettings<S extends Scratch>(scratch: S, settings: Record<string, string>): S {
  const { context } = scratch;
  return { ...scratch, context: { ...context, env: { ...context.env, ...settings } } };
}
