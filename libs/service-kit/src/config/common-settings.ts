import { IsBoolean, IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { FAULT_POINTS } from '@slipway/domain';
import { FAULT_PLAN } from '../faults/fault-plan';
import { IsAmqpUrl, IsEventPrefix, IsLogLevel, IsUrlOf, idleLimits } from './checks';
import { EnvSetting } from './setting';

const PORT_TEXT = { message: 'must be a port from 1 to 65535' };

/** What every app reads. */
export class ServiceSettings {
  @EnvSetting({ about: 'Address to listen on.', default: '127.0.0.1' })
  @Matches(/^[A-Za-z0-9:.-]+$/, { message: 'must be an IP address or a host name' })
  HOST!: string;

  @EnvSetting({ about: 'Port to listen on.', default: 8080 })
  @IsInt(PORT_TEXT)
  @Min(1, PORT_TEXT)
  @Max(65535, PORT_TEXT)
  PORT!: number;

  @EnvSetting({ about: 'Least level that is logged: trace, debug, info, warn, error.', default: 'info' })
  @IsLogLevel()
  LOG_LEVEL!: string;

  @EnvSetting({ about: 'Form of the log: json, pretty, or auto (pretty on a terminal).', default: 'auto' })
  @IsIn(['json', 'pretty', 'auto'], { message: 'must be one of json, pretty, auto' })
  LOG_FORMAT!: string;

  @EnvSetting({ about: 'Seconds that a stopping app gives to what is under way.', default: 10 })
  @IsInt({ message: 'must be a whole number of seconds' })
  @Min(1, { message: 'must be at least 1' })
  @Max(3600, { message: 'must be at most 3600' })
  SHUTDOWN_GRACE!: number;

  @EnvSetting({
    about:
      'For fault tests alone: where the app kills or freezes itself, as kill@{point}:{n} or freeze@{point}:{n}.',
  })
  @IsOptional()
  @Matches(FAULT_PLAN, {
    message: `must be kill@{point}:{n} or freeze@{point}:{n}, parted by commas; the points are ${FAULT_POINTS.join(', ')}`,
  })
  FAULT_POINTS?: string;
}

const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

/** What apps that take commands from the network read besides: they must not stand open to everybody. */
export class DoorSettings {
  @EnvSetting({
    about: 'Lets an app listen on other addresses than loopback although nobody has to authenticate.',
    default: false,
  })
  @IsBoolean({ message: 'must be on or off' })
  ALLOW_UNAUTHENTICATED!: boolean;

  static contradictions({ HOST, ALLOW_UNAUTHENTICATED }: Partial<ServiceSettings & DoorSettings>): string[] {
    if (HOST === undefined || ALLOW_UNAUTHENTICATED !== false || LOOPBACK.includes(HOST)) return [];
    return [
      `HOST is "${HOST}", so others could send commands without authenticating; listen on 127.0.0.1, or set ALLOW_UNAUTHENTICATED=on behind a proxy that checks them.`,
    ];
  }
}

export class LedgerSettings {
  @EnvSetting({
    about: 'PostgreSQL of the ledger: postgres://user:password@host:port/database.',
    secret: true,
  })
  @IsUrlOf(['postgres', 'postgresql'], {
    message: 'must be a URL such as postgres://user:password@host:5432/database',
  })
  DATABASE_URL!: string;

  @EnvSetting({ about: 'Connections to PostgreSQL that one process may hold.', default: 10 })
  @IsInt({ message: 'must be a whole number' })
  @Min(2, { message: 'must be at least 2' })
  DATABASE_POOL!: number;
}

export class BrokerSettings {
  @EnvSetting({ about: 'RabbitMQ: amqp://user:password@host:port/vhost.', secret: true })
  @IsAmqpUrl()
  AMQP_URL!: string;

  @EnvSetting({ about: 'Ending of all queue names, for installations that share a broker.' })
  @IsOptional()
  @Matches(/^[a-z0-9-]{1,32}$/, { message: 'must be 1–32 of a–z 0–9 -' })
  QUEUE_SUFFIX?: string;

  @EnvSetting({ about: 'How the types of events begin.', default: 'network.notifi.lambda.' })
  @IsEventPrefix()
  EVENT_TYPE_PREFIX!: string;

  @EnvSetting({ about: 'How the sources of events begin.', default: 'network.notifi.' })
  @IsEventPrefix()
  EVENT_SOURCE_PREFIX!: string;

  @EnvSetting({ about: 'Takes JSON events without id or specversion; off refuses them.', default: true })
  @IsBoolean({ message: 'must be on or off' })
  LENIENT_EVENTS!: boolean;
}

/** What apps on the local platform share. */
export class LocalPlatformSettings {
  @EnvSetting({ about: 'Folder of the local platform: contexts, jobs, images, services.' })
  @Matches(/^\//, { message: 'must be an absolute path' })
  STATE_DIR!: string;
}

/** How images are named. */
export class ImageSettings {
  @EnvSetting({
    about: 'Repository of the images; {tp} in it becomes the tenant.',
    default: 'registry.local/knative-lambdas',
  })
  @Matches(/^([a-z0-9]|\{tp\})([a-z0-9._/-]|:\d+\/|\{tp\})*$/, {
    message: 'must be an image repository without tag, such as registry.local/functions/{tp}',
  })
  IMAGE_REPOSITORY!: string;
}

/** How much may wait. */
export class QueueSettings {
  @EnvSetting({ about: 'Waiting builds of all tenants above which HTTP answers 429.', default: 100_000 })
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1' })
  MAX_PENDING!: number;
}

/** What becomes of a wish to build, whichever app takes it. */
export class IntakeSettings {
  @EnvSetting({ about: 'Where builds and functions run.', default: 'local' })
  @IsIn(['local'], { message: 'must be local' })
  SLIPWAY_PLATFORM!: string;

  @EnvSetting({ about: 'What turns a context into an image.', default: 'host' })
  @IsIn(['host'], { message: 'must be host' })
  SLIPWAY_BUILDER!: string;

  @EnvSetting({ about: 'Bucket of uploaded sources where an event names none.', default: 'slipway-sources' })
  @Matches(/^[a-z0-9][a-z0-9.-]*$/, {
    message: 'must be the name of a bucket: lower-case letters, digits, dots and dashes',
  })
  SOURCE_BUCKET!: string;

  @EnvSetting({ about: 'Waiting builds of one tenant above which HTTP answers 429.', default: 1000 })
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1' })
  MAX_PENDING_PER_TENANT!: number;

  static contradictions(
    config: Partial<QueueSettings & IntakeSettings>,
    isSet: (name: string) => boolean,
  ): string[] {
    return idleLimits(config, isSet, 'MAX_PENDING_PER_TENANT', 'MAX_PENDING');
  }
}
