import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { Controller, Get, Module, Post, StreamableFile } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger } from '../logging/logger';
import { createAdapter, prepareHttp } from './http-server';
import { ProblemFilter } from './problem.filter';

@Controller()
class EchoController {
  @Post('here')
  post(): object {
    return {};
  }

  /** Begins an answer and never ends it. */
  @Get('slow')
  slow(): StreamableFile {
    const stream = new PassThrough();
    stream.write('part one');
    return new StreamableFile(stream);
  }

  @Get('things/:id')
  get(): object {
    return {};
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

interface Refusal {
  status: number;
  contentType: string | undefined;
  problem: { detail: string; hint: string; status: number };
}

describe('what a server refuses by itself', () => {
  let app: NestFastifyApplication;
  let port: number;

  beforeAll(async () => {
    app = await NestFactory.create<NestFastifyApplication>(EchoModule, createAdapter(), {
      logger: false,
      bodyParser: false,
    });
    prepareHttp(app);
    const logger = createLogger({ name: 'test', level: 'error', format: 'json' });
    app.useGlobalFilters(new ProblemFilter(logger, () => undefined));
    await app.listen(0, '127.0.0.1');
    port = ((app.getHttpServer() as Server).address() as AddressInfo).port;
  });
  afterAll(() => app.close());

  /** Sends bytes as they are, and reads until the server closes. */
  async function refusalOf(request: string): Promise<Refusal> {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.write(request);
    await once(socket, 'close');
    const [head = '', body = ''] = Buffer.concat(chunks).toString('utf8').split('\r\n\r\n');
    return {
      status: Number(head.split(' ')[1]),
      contentType: /^content-type: ([^;\r]+)/im.exec(head)?.[1],
      problem: JSON.parse(body) as Refusal['problem'],
    };
  }

  const headers = (...more: string[]): string =>
    ['host: x', 'connection: close', ...more].map((line) => `${line}\r\n`).join('');

  it.each([
    ['bytes that are no HTTP', 'hello\r\n\r\n', 400, 'This is not HTTP/1.1: Invalid method'],
    ['an unknown method', `BUILD /here HTTP/1.1\r\n${headers()}\r\n`, 400, 'Invalid method'],
    ['a wrong length', `POST /here HTTP/1.1\r\n${headers('content-length: x')}\r\n`, 400, 'Content-Length'],
    [
      'a wrong chunk',
      `POST /here HTTP/1.1\r\n${headers('transfer-encoding: chunked')}\r\nzz\r\n`,
      400,
      'chunk size',
    ],
    [
      'huge headers',
      `POST /here HTTP/1.1\r\n${headers(`x-large: ${'x'.repeat(20_000)}`)}\r\n`,
      431,
      'too large',
    ],
    [
      'a huge body',
      `POST /here HTTP/1.1\r\n${headers('content-length: 99999999')}\r\n`,
      413,
      'larger than 10485760 bytes',
    ],
    ['a path that nobody has', `GET /there HTTP/1.1\r\n${headers()}\r\n`, 404, 'GET /there'],
    ['a method that the path has not', `PUT /here HTTP/1.1\r\n${headers()}\r\n`, 404, 'PUT /here'],
    ['a broken path', `GET /things/%zz HTTP/1.1\r\n${headers()}\r\n`, 400, 'percent-encoded'],
    [
      'a long name',
      `GET /things/${'x'.repeat(300)} HTTP/1.1\r\n${headers()}\r\n`,
      400,
      'longer than any name',
    ],
    [
      'a broken content type',
      `POST /here HTTP/1.1\r\n${headers('content-type: ;;', 'content-length: 2')}\r\n{}`,
      415,
      'Content-Type is ";;", which is no media type',
    ],
  ])('answers %s with a problem', async (_what, request, status, detail) => {
    const answer = await refusalOf(request);
    expect(answer).toMatchObject({ status, contentType: 'application/problem+json', problem: { status } });
    expect(answer.problem.detail).toContain(detail);
    expect(answer.problem.hint).toBeTruthy();
  });

  it('lets go of a connection whose client sends garbage and does not close', async () => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.resume();
    socket.write('hello\r\n\r\n');
    await once(socket, 'end');
    // What is sent from now on meets nobody.
    const closed = once(socket, 'error').catch((error: unknown) => error);
    const writing = setInterval(() => socket.write('more'), 20);
    await closed;
    clearInterval(writing);
    expect(socket.destroyed).toBe(true);
  });

  it('writes nothing into an answer that is on its way', async () => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.write(`GET /slow HTTP/1.1\r\nhost: x\r\n\r\n`);
    await once(socket, 'data');
    socket.write('hello\r\n\r\n');
    await once(socket, 'close');
    expect(Buffer.concat(chunks).toString()).not.toContain('400 Bad Request');
  });

  it('gives up on a request that does not arrive', () => {
    expect((app.getHttpServer() as Server).requestTimeout).toBeGreaterThan(0);
  });
});
