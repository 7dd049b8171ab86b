import { join } from 'node:path';
import { appEnvironment } from '../../bootstrap/app-environment.ts';
import { requireFreePort, type AppName } from '../../bootstrap/ports.ts';
import { appReady } from '../../bootstrap/readiness.ts';
import type { ProcessRecord } from '../../bootstrap/run-record.ts';
import { startServer } from '../../bootstrap/server.ts';
import { terminate } from '../../bootstrap/terminate.ts';
import type { Bench } from './bench.ts';

/** Starts one app as `npm start` does, alone, and returns its process when it is ready. */
export async function startApp({ context, record, addresses }: Bench, app: AppName): Promise<ProcessRecord> {
  const port = context.ports.apps[app];
  await requireFreePort(port, `the app ${app}`, context.ports);
  await startServer(context, record, {
    name: app,
    title: `The app ${app}`,
    port,
    command: process.execPath,
    args: ['--enable-source-maps', join('dist', 'apps', app, 'main.js')],
    cwd: context.root,
    env: appEnvironment(app, context, addresses),
    isReady: () => appReady(port),
  });
  return record.running(app)!;
}

/** Stops an app in good order and returns when its process is gone. */
export async function stopApp({ record }: Bench, app: AppName): Promise<void> {
  const running = record.running(app);
  if (running) await terminate(running, { group: true });
  record.remove(app);
}
