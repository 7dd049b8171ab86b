import { cpus } from 'node:os';
import { operatorSettings } from '@slipway/builders';
import { IsInt, IsNumber, IsOptional, Max, Min } from 'class-validator';
import type { RetentionDays } from '@slipway/ledger';
import {
  BrokerSettings,
  ContextStoreSettings,
  EnvSetting,
  ImageSettings,
  IsAmqpUrl,
  LedgerSettings,
  LocalPlatformSettings,
  S3Settings,
  ServiceSettings,
  idleLimits,
  loadConfig,
} from '@slipway/service-kit';

const WHOLE = { message: 'must be a whole number' };
const AT_LEAST_1 = { message: 'must be at least 1' };
/** Beyond it PostgreSQL has no date to compare with. */
const MAX_DAYS = 36_500;
const AT_MOST_DAYS = { message: `must be at most ${MAX_DAYS}` };

class JobLauncherSettings {
  @EnvSetting({
    about: 'RabbitMQ as the sidecars reach it; their user may write build-reports and nothing else.',
    secret: true,
  })
  @IsAmqpUrl()
  SIDECAR_AMQP_URL!: string;

  @EnvSetting({ about: 'Builds that run at once.', default: Math.max(2, cpus().length) })
  @IsInt(WHOLE)
  @Min(1, AT_LEAST_1)
  MAX_CONCURRENT_BUILDS!: number;

  @EnvSetting({ about: 'Builds of one tenant that run at once.', default: Math.max(2, cpus().length) })
  @IsInt(WHOLE)
  @Min(1, AT_LEAST_1)
  MAX_CONCURRENT_BUILDS_PER_TENANT!: number;

  @EnvSetting({
    about:
      'Builds that may be started in a minute on average, after a rest as many at once; those above it wait.',
  })
  @IsOptional()
  @IsInt(WHOLE)
  @Min(1, AT_LEAST_1)
  MAX_BUILDS_PER_MINUTE?: number;

  @EnvSetting({
    about:
      'Builds of one tenant that may be started in a minute on average, after a rest as many at once; those above it wait.',
  })
  @IsOptional()
  @IsInt(WHOLE)
  @Min(1, AT_LEAST_1)
  MAX_BUILDS_PER_MINUTE_PER_TENANT?: number;

  @EnvSetting({ about: 'Attempts of a build whose failures may be tried again.', default: 3 })
  @IsInt(WHOLE)
  @Min(1, AT_LEAST_1)
  MAX_ATTEMPTS!: number;

  @EnvSetting({
    about: 'Bytes of memory that a builder and its children may use together.',
    default: 2 * 1024 ** 3,
  })
  @IsInt(WHOLE)
  @Min(16 * 1024 * 1024, { message: 'must be at least 16777216' })
  BUILD_MEMORY_LIMIT!: number;

  @EnvSetting({ about: 'Seconds between two looks of a sidecar at its builder.', default: 1 })
  @IsNumber({}, { message: 'must be a number of seconds' })
  @Min(0.1, { message: 'must be at least 0.1' })
  @Max(3600, { message: 'must be at most 3600' })
  MONITOR_INTERVAL!: number;

  @EnvSetting({ about: 'Seconds between two comparisons of the ledger with the platform.', default: 30 })
  @IsNumber({}, { message: 'must be a number of seconds' })
  @Min(1, AT_LEAST_1)
  @Max(3600, { message: 'must be at most 3600' })
  RECONCILE_INTERVAL!: number;

  static contradictions(config: Partial<JobLauncherSettings>, isSet: (name: string) => boolean): string[] {
    return [
      ...idleLimits(config, isSet, 'MAX_CONCURRENT_BUILDS_PER_TENANT', 'MAX_CONCURRENT_BUILDS'),
      ...idleLimits(config, isSet, 'MAX_BUILDS_PER_MINUTE_PER_TENANT', 'MAX_BUILDS_PER_MINUTE'),
    ];
  }
}

/** How many days records are kept. */
class RetentionSettings {
  @EnvSetting({ about: 'Days that handled events are remembered.', default: 7 })
  @IsInt(WHOLE)
  @Min(1, AT_LEAST_1)
  @Max(MAX_DAYS, AT_MOST_DAYS)
  RETENTION_INBOX!: number;

  @EnvSetting({ about: 'Days that published events are kept.', default: 1 })
  @IsInt(WHOLE)
  @Min(1, AT_LEAST_1)
  @Max(MAX_DAYS, AT_MOST_DAYS)
  RETENTION_OUTBOX!: number;

  @EnvSetting({ about: 'Days that ended builds are kept.', default: 90 })
  @IsInt(WHOLE)
  @Min(1, AT_LEAST_1)
  @Max(MAX_DAYS, AT_MOST_DAYS)
  RETENTION_BUILDS!: number;

  @EnvSetting({ about: 'Days that logs of ended builds are kept.', default: 30 })
  @IsInt(WHOLE)
  @Min(1, AT_LEAST_1)
  @Max(MAX_DAYS, AT_MOST_DAYS)
  RETENTION_LOGS!: number;

  @EnvSetting({ about: 'Days that ended deliveries to functions are kept.', default: 7 })
  @IsInt(WHOLE)
  @Min(1, AT_LEAST_1)
  @Max(MAX_DAYS, AT_MOST_DAYS)
  RETENTION_DELIVERIES!: number;
}

export type JobLauncherConfig = ReturnType<typeof readConfig>;

export const SHAPES = [
  ServiceSettings,
  LedgerSettings,
  BrokerSettings,
  LocalPlatformSettings,
  ImageSettings,
  S3Settings,
  ContextStoreSettings,
  JobLauncherSettings,
  RetentionSettings,
] as const;

export function readConfig() {
  return loadConfig(SHAPES);
}

export function retentionOf(config: RetentionSettings): RetentionDays {
  return {
    inbox: config.RETENTION_INBOX,
    outbox: config.RETENTION_OUTBOX,
    builds: config.RETENTION_BUILDS,
    logs: config.RETENTION_LOGS,
    deliveries: config.RETENTION_DELIVERIES,
  };
}

/** The part of this process's environment that builders get. */
export function builderEnvironment(): Record<string, string> {
  return operatorSettings(process.env);
}
