import { REPORT_EXCHANGE } from '@slipway/contracts';
import { builderNamed } from '@slipway/builders';
import { Broker, Publisher } from '@slipway/messaging';
import { LocalBuildObserver } from '@slipway/platform-local';
import { ConfigurationError, NestLogger, createLogger, systemClock } from '@slipway/service-kit';
import { readConfig, type SidecarSettings } from './config';
import { ReportBuild } from './report-build/report-build';

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}

async function watch(config: SidecarSettings, stopping: AbortSignal): Promise<boolean> {
  const logger = createLogger({ name: 'sidecar-monitor', level: config.LOG_LEVEL, format: 'json' });
  const broker = new Broker({
    url: config.AMQP_URL,
    name: config.BUILD_JOB_NAME,
    logger: new NestLogger(logger),
  });
  const publisher = new Publisher(broker);
  const report = new ReportBuild(
    {
      buildId: config.BUILD_ID,
      attempt: config.ATTEMPT,
      jobName: config.BUILD_JOB_NAME,
      jobUid: config.JOB_UID,
      tenant: config.THIRD_PARTY_ID,
      parser: config.PARSER_ID,
      imageUri: config.IMAGE_URI,
      contentHash: config.CONTENT_HASH,
      correlationId: config.CORRELATION_ID,
      typePrefix: config.EVENT_TYPE_PREFIX,
      sourcePrefix: config.EVENT_SOURCE_PREFIX,
    },
    {
      observer: new LocalBuildObserver({
        jobsFolder: config.KANIKO_NAMESPACE,
        jobName: config.KANIKO_POD_NAME,
        containerName: config.KANIKO_CONTAINER_NAME,
        clock: systemClock,
      }),
      builder: builderNamed(config.SLIPWAY_BUILDER),
      publish: async (event) => {
        await broker.open();
        await publisher.publish(
          { exchange: REPORT_EXCHANGE, routingKey: REPORT_EXCHANGE, mandatory: true },
          event,
        );
      },
      pause,
      now: systemClock.now,
      intervalMs: config.MONITOR_INTERVAL * 1000,
      graceMs: Math.max(1, config.SHUTDOWN_GRACE - 5) * 1000,
    },
  );
  try {
    return await report.execute(stopping);
  } finally {
    await publisher.close();
    await broker.close();
  }
}

const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort());

try {
  const config = readConfig();
  void watch(config, stopping.signal).then(
    (reported) => process.exit(reported ? 0 : 1),
    (error: unknown) => {
      process.stderr.write(`sidecar-monitor: the end was not reported: ${String(error)}\n`);
      process.exit(1);
    },
  );
} catch (error) {
  const problems = error instanceof ConfigurationError ? error.problems : [String(error)];
  for (const problem of problems) process.stderr.write(`sidecar-monitor: ${problem}\n`);
  process.exit(1);
}
