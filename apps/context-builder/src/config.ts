import { IsBoolean, IsInt, IsOptional, IsString, Matches, Min } from 'class-validator';
import {
  BrokerSettings,
  EnvSetting,
  ImageSettings,
  LedgerSettings,
  LocalPlatformSettings,
  ServiceSettings,
  loadConfig,
} from '@slipway/service-kit';

const WHOLE = { message: 'must be a whole number' };
const AT_LEAST_1 = { message: 'must be at least 1' };

class ContextBuilderSettings {
  @EnvSetting({ about: 'Where uploaded sources lie: file:///folder or s3://.' })
  @Matches(/^(file:\/\/\/|s3:\/\/)/, { message: 'must be a file:/// or s3:// URL' })
  OBJECT_STORE_URL!: string;

  @EnvSetting({ about: 'Address of an S3 server other than AWS.' })
  @IsOptional()
  @Matches(/^https?:\/\//, { message: 'must be an http:// or https:// URL' })
  S3_ENDPOINT?: string;

  @EnvSetting({
    about: 'Whether the bucket stands in the path, as most servers other than AWS want it.',
    default: false,
  })
  @IsBoolean({ message: 'must be on or off' })
  S3_FORCE_PATH_STYLE!: boolean;

  @EnvSetting({ about: 'Region of the object store.', default: 'us-east-1' })
  @IsString({ message: 'must be a region' })
  AWS_REGION!: string;

  @EnvSetting({
    about: 'Buckets that a source may be read from, separated by commas.',
    default: 'slipway-sources',
  })
  @Matches(/^[a-z0-9.-]+(,[a-z0-9.-]+)*$/, { message: 'must be bucket names separated by commas' })
  SOURCE_BUCKETS!: string;

  @EnvSetting({
    about:
      'Hosts (or host:port, separated by commas) whose archives may be fetched over http and from private addresses.',
  })
  @IsOptional()
  @IsString({ message: 'must be hosts separated by commas' })
  SOURCE_HTTP_HOSTS?: string;

  @EnvSetting({ about: 'Contexts that are prepared at once.', default: 4 })
  @IsInt(WHOLE)
  @Min(1, AT_LEAST_1)
  MAX_CONCURRENT_CONTEXTS!: number;

  @EnvSetting({ about: 'Bytes of source that one build may have.', default: 100 * 1024 * 1024 })
  @IsInt(WHOLE)
  @Min(1024, { message: 'must be at least 1024' })
  MAX_SOURCE_BYTES!: number;
}

export type ContextBuilderConfig = ReturnType<typeof readConfig>;

export const SHAPES = [
  ServiceSettings,
  LedgerSettings,
  BrokerSettings,
  LocalPlatformSettings,
  ImageSettings,
  ContextBuilderSettings,
] as const;

export function readConfig() {
  return loadConfig(SHAPES);
}
