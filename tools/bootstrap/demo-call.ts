import { randomUUID } from 'node:crypto';
import { Refusal } from './refusal.ts';

/** The CloudEvent of the demo in HTTP binary mode. */
function eventHeaders(): Record<string, string> {
  return {
    'ce-specversion': '1.0',
    'ce-id': randomUUID(),
    'ce-type': 'parser.start',
    'ce-source': 'network.notifi.demo',
    'ce-subject': 'hello',
  };
}

async function post(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ name: 'Slipway' }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(60_000)]),
  });
  const text = (await response.text()).trim();
  if (!response.ok) throw new Refusal(`The function answered ${response.status}: ${text.slice(0, 300)}`);
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}

export function callFunction(url: string, signal: AbortSignal): Promise<string> {
  return post(url, {}, signal);
}

export function sendEvent(url: string, signal: AbortSignal): Promise<string> {
  return post(url, eventHeaders(), signal);
}
