import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { causeOf } from '@slipway/domain';
import { hasCode, readJson, stateLayout, writeJson, type GatewayAddress } from '@slipway/platform-local';
import type { FunctionPool } from '../functions/function-pool';
import { readCommand } from './command';

const FULL_DISK_LOOK_MS = 1_000;

export interface ControlServerOptions {
  root: string;
  pool: Pick<FunctionPool, 'trial' | 'removed'>;
}

/** What the deployer asks of this gateway, on loopback and with the token of `gateway.json` only. */
export class ControlServer {
  private readonly server: Server;
  private readonly token = randomBytes(32).toString('hex');
  private readonly file: string;

  constructor(private readonly options: ControlServerOptions) {
    this.server = createServer((request, response) => void this.handle(request, response));
    this.file = stateLayout(options.root).gatewayFile;
  }

  /** Listens on a port of the system's choice and says in `gateway.json` which. */
  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const { port } = this.server.address() as AddressInfo;
    await this.publish({ port, token: this.token, pid: process.pid });
  }

  /** A disk that is full just now delays the gateway, and does not end it. */
  private async publish(address: GatewayAddress): Promise<void> {
    for (;;) {
      try {
        return await writeJson(this.file, address);
      } catch (error) {
        if (!hasCode(error, 'ENOSPC')) throw error;
        await pause(FULL_DISK_LOOK_MS);
      }
    }
  }

  async stop(): Promise<void> {
    const written = await readJson<GatewayAddress>(this.file);
    // A gateway that came after this one has written its own.
    if (written?.token === this.token) await rm(this.file, { force: true });
    this.server.close();
    this.server.closeAllConnections();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.mayAsk(request))
      return answer(response, 401, { code: 'unauthorized', message: 'The token is wrong.' });
    try {
      const command = await readCommand(request);
      if (command === undefined)
        return answer(response, 400, { code: 'invalid_event', message: 'Not a command.' });
      if (request.url === '/trial' && command.revision !== undefined) {
        await this.options.pool.trial(command.service, command.revision);
        return answer(response, 200, { ready: true });
      }
      if (request.url !== '/removed')
        return answer(response, 404, { code: 'not_found', message: 'No such command.' });
      await this.options.pool.removed(command.service);
      answer(response, 200, { removed: true });
    } catch (error) {
      answer(response, 422, causeOf(error));
    }
  }

  private mayAsk(request: IncomingMessage): boolean {
    const given = Buffer.from(request.headers.authorization ?? '');
    const wanted = Buffer.from(`Bearer ${this.token}`);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    'content-type': status < 400 ? 'application/json' : 'application/problem+json',
  });
  response.end(JSON.stringify(body));
}
