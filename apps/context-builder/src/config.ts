import { IsInt, IsOptional, Matches, Min } from 'class-validator';
import {
  BrokerSettings,
  ContextStoreSettings,
  EnvSetting,
  ImageSettings,
  LedgerSettings,
  LocalPlatformSettings,
  S3Settings,
  ServiceSettings,
  idleLimits,
  loadConfig,
} from '@slipway/service-kit';
import { BaseImageSettings, ContextSweepSettings, ContextWritingSettings } from './context-settings';
import { IsSourceCredentials } from './prepare-context/source-credentials';

const WHOLE = { message: 'must be a whole number' };
const AT_LEAST_1 = { message: 'must be at least 1' };

class ContextBuilderSettings {
  @EnvSetting({ about: 'Where uploaded sources lie: file:///folder or s3://.' })
  @Matches(/^(file:\/\/\/|s3:\/\/)/, { message: 'must be a file:/// or s3:// URL' })
  OBJECT_STORE_URL!: string;

  @EnvSetting({
    about: 'Buckets that a source may be read from, separated by commas.',
    default: 'slipway-sources',
  })
  @Matches(/^[a-z0-9][a-z0-9.-]*(,[a-z0-9][a-z0-9.-]*)*$/, {
    message: 'must be names of buckets, separated by commas without spaces',
  })
  SOURCE_BUCKETS!: string;

  @EnvSetting({
    about:
      'Hosts (or host:port, separated by commas) whose archives and repositories may be fetched over http and from private addresses.',
  })
  @IsOptional()
  @Matches(/^[A-Za-z0-9:.[\]-]+(,[A-Za-z0-9:.[\]-]+)*$/, {
    message: 'must be hosts, or host:port, separated by commas without spaces',
  })
  SOURCE_HTTP_HOSTS?: string;

  @EnvSetting({
    about:
      'Credentials for private archives and repositories, a line for each host as git credential-store writes them: https://user:token@host.',
    secret: true,
  })
  @IsOptional()
  @IsSourceCredentials()
  SOURCE_CREDENTIALS?: string;

  @EnvSetting({ about: 'Contexts that are prepared at once.', default: 4 })
  @IsInt(WHOLE)
  @Min(1, AT_LEAST_1)
  MAX_CONCURRENT_CONTEXTS!: number;

  @EnvSetting({
    about:
      'Contexts that may be begun in a minute on average, after a rest as many at once; those above it wait.',
  })
  @IsOptional()
  @IsInt(WHOLE)
  @Min(1, AT_LEAST_1)
  MAX_CONTEXTS_PER_MINUTE?: number;

  @EnvSetting({
    about:
      'Contexts of one tenant that may be begun in a minute on average, after a rest as many at once; those above it wait.',
  })
  @IsOptional()
  @IsInt(WHOLE)
  @Min(1, AT_LEAST_1)
  MAX_CONTEXTS_PER_MINUTE_PER_TENANT?: number;

  @EnvSetting({ about: 'Bytes of source that one build may have.', default: 100 * 1024 * 1024 })
  @IsInt(WHOLE)
  @Min(1024, { message: 'must be at least 1024' })
  MAX_SOURCE_BYTES!: number;

  static contradictions(
    config: Partial<ContextBuilderSettings & S3Settings & ContextStoreSettings>,
    isSet: (name: string) => boolean,
  ): string[] {
    const { OBJECT_STORE_URL, S3_ENDPOINT, CONTEXT_BUCKET } = config;
    const idle = idleLimits(config, isSet, 'MAX_CONTEXTS_PER_MINUTE_PER_TENANT', 'MAX_CONTEXTS_PER_MINUTE');
    const asked = !OBJECT_STORE_URL?.startsWith('file:') || CONTEXT_BUCKET !== undefined;
    if (S3_ENDPOINT === undefined || asked) return idle;
    return [
      ...idle,
      `S3_ENDPOINT is set, but OBJECT_STORE_URL is "${OBJECT_STORE_URL}" and there is no CONTEXT_BUCKET, so no S3 server is asked; set one of them, or leave S3_ENDPOINT out.`,
    ];
  }
}

export type ContextBuilderConfig = ReturnType<typeof readConfig>;

export const SHAPES = [
  ServiceSettings,
  LedgerSettings,
  BrokerSettings,
  LocalPlatformSettings,
  ImageSettings,
  S3Settings,
  ContextStoreSettings,
  ContextBuilderSettings,
  ContextWritingSettings,
  BaseImageSettings,
  ContextSweepSettings,
] as const;

export function readConfig() {
  return loadConfig(SHAPES);
}
