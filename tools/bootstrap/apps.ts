import { join } from 'node:path';
import { appEnvironment } from './app-environment.ts';
import type { Context } from './context.ts';
import { APP_NAMES, requireFreePort, type AppName } from './ports.ts';
import { appReady } from './readiness.ts';
import type { Addresses, RunRecord } from './run-record.ts';
import { startServer } from './server.ts';

/** Starts one app and returns when it is ready. Throws a Refusal where it does not get there. */
export async function startApp(
  context: Context,
  record: RunRecord,
  addresses: Addresses,
  app: AppName,
): Promise<void> {
  const port = context.ports.apps[app];
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
}

function missingApps(record: RunRecord): AppName[] {
  return APP_NAMES.filter((app) => !record.running(app));
}

/** Throws a Refusal where a port of an app that is to be started is taken. */
export async function requireAppPorts({ ports }: Context, record: RunRecord): Promise<void> {
  for (const app of missingApps(record)) await requireFreePort(ports.apps[app], `the app ${app}`, ports);
}

/** Starts those apps that do not run yet, all at once, and returns when each is ready. Throws the first one's Refusal. */
export async function startApps(context: Context, record: RunRecord, addresses: Addresses): Promise<void> {
  const failure = new AbortController();
  const signal = AbortSignal.any([context.signal, failure.signal]);
  const starts = missingApps(record).map((app) =>
    startApp({ ...context, signal }, record, addresses, app).catch((error: unknown) => failure.abort(error)),
  );
  await Promise.all(starts);
  signal.throwIfAborted();
}
