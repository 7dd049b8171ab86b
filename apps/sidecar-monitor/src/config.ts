import { IsIn, IsInt, IsNumber, IsString, Max, Min } from 'class-validator';
import { EnvSetting, IsAmqpUrl, IsEventPrefix, IsLogLevel, loadConfig } from '@slipway/service-kit';

const TEXT = { message: 'must be a text' };

/** The environment of a sidecar, under the names of the third requirement document (wire §4). */
export class SidecarSettings {
  @EnvSetting({ about: 'Where Jobs live: a namespace, or on the local platform the jobs folder.' })
  @IsString(TEXT)
  KANIKO_NAMESPACE!: string;

  @EnvSetting({ about: 'The pod beside which this runs, or on the local platform the Job.' })
  @IsString(TEXT)
  KANIKO_POD_NAME!: string;

  @EnvSetting({ about: 'The container to watch.' })
  @IsString(TEXT)
  KANIKO_CONTAINER_NAME!: string;

  @EnvSetting({ about: 'Name of the Job.' })
  @IsString(TEXT)
  BUILD_JOB_NAME!: string;

  @EnvSetting({ about: 'Where the image goes.' })
  @IsString(TEXT)
  IMAGE_URI!: string;

  @EnvSetting({ about: 'Tenant.' })
  @IsString(TEXT)
  THIRD_PARTY_ID!: string;

  @EnvSetting({ about: 'Function.' })
  @IsString(TEXT)
  PARSER_ID!: string;

  @EnvSetting({ about: 'Identity of the content.' })
  @IsString(TEXT)
  CONTENT_HASH!: string;

  @EnvSetting({ about: 'Correlation id of the build.' })
  @IsString(TEXT)
  CORRELATION_ID!: string;

  @EnvSetting({ about: 'Seconds that the build may take.' })
  @IsNumber({}, { message: 'must be a number of seconds' })
  @Min(1, { message: 'must be at least 1' })
  BUILD_TIMEOUT!: number;

  @EnvSetting({ about: 'Seconds between two looks.', default: 10 })
  @IsNumber({}, { message: 'must be a number of seconds' })
  @Min(0.1, { message: 'must be at least 0.1' })
  @Max(3600, { message: 'must be at most 3600' })
  MONITOR_INTERVAL!: number;

  @EnvSetting({ about: 'RabbitMQ; the user needs to write build-reports only.', secret: true })
  @IsAmqpUrl()
  AMQP_URL!: string;

  @EnvSetting({ about: 'The build.' })
  @IsString(TEXT)
  BUILD_ID!: string;

  @EnvSetting({ about: 'Number of the attempt.' })
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1' })
  ATTEMPT!: number;

  @EnvSetting({ about: 'Uid of the Job, by which the launcher recognises it.' })
  @IsString(TEXT)
  JOB_UID!: string;

  @EnvSetting({ about: 'How the types of events begin.', default: 'network.notifi.lambda.' })
  @IsEventPrefix()
  EVENT_TYPE_PREFIX!: string;

  @EnvSetting({ about: 'How the sources of events begin.', default: 'network.notifi.' })
  @IsEventPrefix()
  EVENT_SOURCE_PREFIX!: string;

  @EnvSetting({ about: 'Name of the builder, whose output is understood.', default: 'host' })
  @IsIn(['host'], { message: 'must be host' })
  SLIPWAY_BUILDER!: string;

  @EnvSetting({ about: 'Least level that is logged.', default: 'info' })
  @IsLogLevel()
  LOG_LEVEL!: string;

  @EnvSetting({ about: 'Seconds that a stopping sidecar goes on watching.', default: 25 })
  @IsNumber({}, { message: 'must be a number of seconds' })
  @Min(1, { message: 'must be at least 1' })
  @Max(3600, { message: 'must be at most 3600' })
  SHUTDOWN_GRACE!: number;

  static contradictions({ MONITOR_INTERVAL, BUILD_TIMEOUT }: Partial<SidecarSettings>): string[] {
    if (MONITOR_INTERVAL === undefined || BUILD_TIMEOUT === undefined || MONITOR_INTERVAL <= BUILD_TIMEOUT)
      return [];
    return [
      `MONITOR_INTERVAL is ${MONITOR_INTERVAL}, longer than the ${BUILD_TIMEOUT} seconds of BUILD_TIMEOUT, so the build would never be looked at; set it to less.`,
    ];
  }
}

export const SHAPES = [SidecarSettings] as const;

export function readConfig(): SidecarSettings {
  return loadConfig(SHAPES);
}
