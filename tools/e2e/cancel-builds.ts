import { readFileSync, readdirSync } from 'node:fs';
import { eventually } from '@slipway/testing';
import { startEvent, type System } from './system';

/** The longest that anything may take; a loaded machine needs much of it. */
export const LIMIT_MS = 120_000;

/** Processes in every place of a family: in the build's session, in one of their own, and without their parent. */
const SLEEPERS = ['sleep 600 &', 'setsid sleep 600 &', 'sh -c "sleep 600 &";'];

/** A build that does not end by itself, and whose processes leave others behind. No two of them have the same content. */
export function endless(name: string): object {
  const postinstall = `${SLEEPERS.join(' ')} node -e "setInterval(() => {}, 1000)"`;
  const files = {
    'index.js': `module.exports = () => ${JSON.stringify(name)};\n`,
    'package.json': JSON.stringify({ name, version: '1.0.0', scripts: { postinstall } }),
  };
  return { source: { kind: 'inline', files }, runtime: 'nodejs24' };
}

/** What `/proc` shows of a process: its command and its environment; empty where it is gone or another user's. */
function shown(pid: string): { command: string; environment: string } {
  const read = (file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'latin1').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  };
  return { command: read('cmdline'), environment: read('environ') };
}

/** Commands of all living processes of a build's Jobs: supervisor, sidecar, builder, and whatever those have started. */
export function processesOf(buildId: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(shown)
    .filter(({ command, environment }) => command.includes(buildId) || environment.includes(buildId))
    .map(({ command }) => command);
}

/** Waits until the build has started all that it starts. */
export async function underWay(buildId: string): Promise<void> {
  const sleepers = () => processesOf(buildId).filter((command) => command.startsWith('sleep'));
  const all = () => sleepers().length === SLEEPERS.length;
  await eventually(`the processes of ${buildId}`, all, LIMIT_MS);
}

/** Waits until no process of the build is left. */
export async function allGone(buildId: string): Promise<void> {
  const none = () => processesOf(buildId).length === 0;
  await eventually(`the end of all processes of ${buildId}`, none, LIMIT_MS);
}

/** Cancels over REST. */
export async function cancel(system: System, buildId: string): Promise<{ status: number; body: object }> {
  const response = await fetch(`${system.api}/builds/${buildId}/cancel`, { method: 'POST' });
  return { status: response.status, body: (await response.json()) as object };
}

export const CANCEL = 'network.notifi.lambda.build.cancel';

/** A CloudEvent that asks for the same. */
export function cancelEvent(tenant: string, parser: string, buildId: string): object {
  const event = startEvent(tenant, parser, `cancel ${buildId}`);
  return { ...event, type: CANCEL, data: { build_id: buildId } };
}

export function postEvent(system: System, event: object): Promise<Response> {
  return fetch(`${system.events}/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json' },
    body: JSON.stringify(event),
  });
}
