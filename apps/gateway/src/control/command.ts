import type { IncomingMessage } from 'node:http';

/** What a command names. */
export interface ControlCommand {
  service: string;
  revision?: string;
}

const MAX_BYTES = 64 * 1024;

/** The body of a POST, or undefined where it is none of ours. */
export async function readCommand(request: IncomingMessage): Promise<ControlCommand | undefined> {
  if (request.method !== 'POST') return undefined;
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += String(chunk);
    if (body.length > MAX_BYTES) return undefined;
  }
  const value = parsed(body);
  const { service, revision } = Object(value) as { service?: unknown; revision?: unknown };
  if (typeof service !== 'string') return undefined;
  return { service, ...(typeof revision === 'string' ? { revision } : {}) };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Said to the caller as "not a command".
    return undefined;
  }
}
