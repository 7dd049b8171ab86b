import type { LoggerService } from '@nestjs/common';
import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';

export type { Logger } from 'pino';

/** Fields that never reach a log, wherever they stand (Argo CVE-2025-62157 was such a leak). */
const SECRETS = [
  'password',
  'token',
  'secret',
  'authorization',
  'DATABASE_URL',
  'AMQP_URL',
  'SIDECAR_AMQP_URL',
  'SOURCE_CREDENTIALS',
];

/** The user goes too, for many hosts take a token in its place. */
const CREDENTIALS_IN_URL = /:\/\/[^\s/"'<>]+@/g;

/** Takes user and password out of any URL inside a text. */
export function withoutCredentials(text: string): string {
  return text.replace(CREDENTIALS_IN_URL, '://***@');
}

export interface LoggerOptions {
  name: string;
  level: string;
  format: string;
}

/** JSON lines, or readable ones on a terminal; both to standard output, because a bundle has no worker files. */
export function createLogger(options: LoggerOptions): Logger {
  const readable = options.format === 'pretty' || (options.format === 'auto' && process.stdout.isTTY);
  const settings: pino.LoggerOptions = {
    name: options.name,
    level: options.level,
    base: { app: options.name },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: '***' },
    serializers: {
      err: (error: Error) => {
        const plain = pino.stdSerializers.err(error);
        return {
          ...plain,
          message: withoutCredentials(plain.message),
          stack: withoutCredentials(plain.stack ?? ''),
        };
      },
    },
  };
  return readable ? pino(settings, pretty({ sync: true, ignore: 'pid,hostname,app' })) : pino(settings);
}

/** What Nest and its libraries log, through the same logger. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  private fields(rest: unknown[]): { context?: string } {
    const last = rest.at(-1);
    return typeof last === 'string' ? { context: last } : {};
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(this.fields(rest), withoutCredentials(String(message)));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error(this.fields(rest), withoutCredentials(String(message)));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn(this.fields(rest), withoutCredentials(String(message)));
  }
}
