import type { RequestListener } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConfigurationError } from './config/load-config';
import type { ServiceSettings } from './config/common-settings';
import { armFaultPlan } from './faults/fault-plan';
import { HealthController } from './health/health.controller';
import { createAdapter, prepareHttp } from './http/http-server';
import { ProblemFilter, type ErrorTranslator } from './http/problem.filter';
import { NestLogger, createLogger, type Logger } from './logging/logger';
import { Metrics } from './metrics/metrics';
import { Lifecycle, ServiceParts, type ServicePart } from './service-part';

/** What an app's composition root is given. */
export interface ServiceContext<Config> {
  config: Config;
  logger: Logger;
  metrics: Metrics;
  /** Answers a request with the app's own controllers, for an app that listens by itself. */
  handle: RequestListener;
}

export interface ServiceDefinition<Config extends ServiceSettings> {
  name: string;
  config: () => Config;
  /** The app's module; it must provide `ServiceParts`. */
  module: (context: ServiceContext<Config>) => DynamicModule | Promise<DynamicModule>;
  errors?: ErrorTranslator;
  /** One of the app's parts listens on PORT and passes on what is for the controllers. */
  listensItself?: boolean;
}

@Module({})
class ServiceModule {}

async function moduleOf<Config extends ServiceSettings>(
  definition: ServiceDefinition<Config>,
  context: ServiceContext<Config>,
  lifecycle: Lifecycle,
): Promise<DynamicModule> {
  const app = await definition.module(context);
  return {
    module: ServiceModule,
    imports: [
      TerminusModule.forRoot({ logger: false }),
      { ...app, exports: [...(app.exports ?? []), ServiceParts] },
    ],
    controllers: [HealthController],
    providers: [
      { provide: Lifecycle, useValue: lifecycle },
      { provide: Metrics, useValue: context.metrics },
    ],
  };
}

/** What a part may take beyond the grace that it was given, for what it has to tell others at its end. */
const FAREWELL_MS = 5_000;

/** Stops a part, and fails where it does not come back: it may wait for somebody who will never answer. */
async function stopped(part: ServicePart, graceMs: number): Promise<void> {
  const limit = new AbortController();
  const late = delay(graceMs + FAREWELL_MS, undefined, { signal: limit.signal, ref: false }).then(() => {
    throw new Error(`it was still stopping after ${graceMs + FAREWELL_MS} ms`);
  });
  late.catch(() => undefined);
  await Promise.race([part.stop(graceMs), late]).finally(() => limit.abort());
}

/** A service that runs; `stop` ends it in order. */
export interface RunningService {
  app: NestFastifyApplication;
  stop(): Promise<void>;
}

/** Starts an app: answers health requests at once, starts its parts one after the other, and is ready when all are. */
export async function startService<Config extends ServiceSettings>(
  definition: ServiceDefinition<Config>,
): Promise<RunningService> {
  const config = definition.config();
  const logger = createLogger({ name: definition.name, level: config.LOG_LEVEL, format: config.LOG_FORMAT });
  if (config.FAULT_POINTS !== undefined) {
    logger.warn({ plan: config.FAULT_POINTS }, 'this process will kill or freeze itself');
    armFaultPlan(config.FAULT_POINTS);
  }
  const lifecycle = new Lifecycle();
  const handle: RequestListener = (request, response) =>
    app.getHttpAdapter().getInstance().routing(request, response);
  const context = { config, logger, metrics: new Metrics(), handle };
  const app: NestFastifyApplication = await NestFactory.create<NestFastifyApplication>(
    await moduleOf(definition, context, lifecycle),
    createAdapter(),
    {
      logger: new NestLogger(logger),
      bodyParser: false,
    },
  );
  prepareHttp(app);
  app.useGlobalFilters(new ProblemFilter(logger, definition.errors ?? (() => undefined)));
  if (definition.listensItself) await app.init().then(() => app.getHttpAdapter().getInstance().ready());
  else await app.listen(config.PORT, config.HOST);
  const { parts } = app.get(ServiceParts, { strict: false });
  const stop = async (): Promise<void> => {
    lifecycle.state = 'stopping';
    for (const part of [...parts].reverse()) {
      await stopped(part, config.SHUTDOWN_GRACE * 1000).catch((error: unknown) => {
        logger.error({ err: error, part: part.name }, 'a part did not stop cleanly');
      });
    }
    await app.close();
    logger.info('stopped');
  };
  try {
    for (const part of parts) await part.start();
  } catch (error) {
    await stop();
    throw error;
  }
  lifecycle.state = 'running';
  logger.info({ host: config.HOST, port: config.PORT }, 'ready');
  return { app, stop };
}

/** The whole of an app's main: starts, stops on SIGTERM and SIGINT, and ends with a sentence where it cannot start. */
export async function runService<Config extends ServiceSettings>(
  definition: ServiceDefinition<Config>,
): Promise<void> {
  let service: RunningService;
  try {
    service = await startService(definition);
  } catch (error) {
    if (error instanceof ConfigurationError) {
      for (const problem of error.problems) process.stderr.write(`${definition.name}: ${problem}\n`);
    } else {
      process.stderr.write(
        `${definition.name} could not start: ${error instanceof Error ? error.stack : String(error)}\n`,
      );
    }
    process.exit(1);
  }
  const end = (): void => {
    void service.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}
