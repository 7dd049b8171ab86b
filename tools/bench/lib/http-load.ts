import { Agent, request } from 'node:http';

/** How one request ended. */
export interface Ended {
  /** The status, or `broken` where the connection broke off, or `hung` where nothing came within the limit. */
  how: number | 'broken' | 'hung';
  ms: number;
  text: string;
}

interface Client {
  agent: Agent;
  limitMs: number;
}

/** Resolves however the request ends. */
function get(url: string, { agent, limitMs }: Client): Promise<Ended> {
  const start = performance.now();
  return new Promise((resolve) => {
    const end = (how: Ended['how'], text = '') => {
      clearTimeout(timer);
      resolve({ how, text, ms: performance.now() - start });
    };
    const asked = request(url, { agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => end(response.statusCode!, text));
      response.on('error', () => end('broken'));
    });
    const timer = setTimeout(() => {
      end('hung');
      asked.destroy();
    }, limitMs);
    asked.on('error', () => end('broken'));
    asked.end();
  });
}

async function withAgent<T>(connections: number, work: (agent: Agent) => Promise<T>): Promise<T> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  try {
    return await work(agent);
  } finally {
    agent.destroy();
  }
}

/** Sends as many requests at once, each on a connection of its own. */
export function getAtOnce(url: string, count: number, limitMs: number): Promise<Ended[]> {
  return withAgent(count, (agent) =>
    Promise.all(Array.from({ length: count }, () => get(url, { agent, limitMs }))),
  );
}

interface Load {
  urls: readonly string[];
  /** Requests that are under way at any time, to an address drawn anew for each. */
  lanes: number;
  seconds: number;
  limitMs: number;
  signal: AbortSignal;
}

/** Keeps that many requests under way for that long, and returns when the last one has ended. */
export function getAllTheTime({ urls, lanes, seconds, limitMs, signal }: Load): Promise<Ended[]> {
  return withAgent(lanes, async (agent) => {
    const all: Ended[] = [];
    const over = performance.now() + seconds * 1000;
    const run = async () => {
      while (performance.now() < over) {
        signal.throwIfAborted();
        const url = urls[Math.floor(Math.random() * urls.length)]!;
        all.push(await get(url, { agent, limitMs }));
      }
    };
    await Promise.all(Array.from({ length: lanes }, run));
    return all;
  });
}
