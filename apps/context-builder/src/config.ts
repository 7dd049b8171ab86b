import { IsBoolean, IsIn, IsInt, IsNumber, IsOptional, Matches, Max, Min } from 'class-validator';
import type { ContextTtl } from '@slipway/ledger';
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
import { IsSourceCredentials } from './prepare-context/source-credentials';
import {
  IsTenantDays,
  MAX_TTL_DAYS,
  MIN_TTL_DAYS,
  TENANT_DAYS_RULE,
  tenantDaysIn,
} from './sweep-contexts/tenant-days';

/** A repository with a tag or digest, or both; `{version}` may stand in the tag. */
const IMAGE_REFERENCE =
  /^[a-z0-9]+([._-]+[a-z0-9]+)*(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:([A-Za-z0-9_.-]|\{version\})+)?(@sha256:[0-9a-f]{64})?$/;
const STORES = ['file', 's3', 'configmap'] as const;
const SWEEPS = ['on', 'dry-run', 'off'] as const;
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

  @EnvSetting({
    about: 'Where contexts are stored whose build names no context_store: file, s3 or configmap.',
    default: 'file',
  })
  @IsIn(STORES, { message: `must be one of ${STORES.join(', ')}` })
  CONTEXT_STORE!: (typeof STORES)[number];

  @EnvSetting({
    about:
      'Stores a context that is too large for a ConfigMap in another store instead; off lets the build fail.',
    default: true,
  })
  @IsBoolean({ message: 'must be on or off' })
  CONTEXT_OVERFLOW!: boolean;

  static contradictions(
    config: Partial<ContextBuilderSettings & S3Settings & ContextStoreSettings>,
    isSet: (name: string) => boolean,
  ): string[] {
    const { OBJECT_STORE_URL, S3_ENDPOINT, CONTEXT_BUCKET, CONTEXT_STORE, BUILD_NAMESPACE } = config;
    const problems = idleLimits(
      config,
      isSet,
      'MAX_CONTEXTS_PER_MINUTE_PER_TENANT',
      'MAX_CONTEXTS_PER_MINUTE',
    );
    if (S3_ENDPOINT !== undefined && OBJECT_STORE_URL?.startsWith('file:') && CONTEXT_BUCKET === undefined) {
      problems.push(
        `S3_ENDPOINT is set, but OBJECT_STORE_URL is "${OBJECT_STORE_URL}" and there is no CONTEXT_BUCKET, so no S3 server is asked; set one of them, or leave S3_ENDPOINT out.`,
      );
    }
    if (CONTEXT_STORE === 's3' && CONTEXT_BUCKET === undefined)
      problems.push('CONTEXT_STORE is "s3", but CONTEXT_BUCKET is not set; name the bucket for contexts.');
    if (CONTEXT_STORE === 'configmap' && BUILD_NAMESPACE === undefined)
      problems.push(
        'CONTEXT_STORE is "configmap", but BUILD_NAMESPACE is not set; name the namespace for the ConfigMaps.',
      );
    return problems;
  }
}

const IMAGE = { message: 'must be the reference of an image, such as mirror.local/node:{version}-alpine' };

/** Where base images come from; `{version}` stands for the version of the language. Each is part of the content's hash. */
class BaseImageSettings {
  @EnvSetting({
    about: 'Base image of Node.js functions, instead of that of the runtime; may hold {version}.',
  })
  @IsOptional()
  @Matches(IMAGE_REFERENCE, IMAGE)
  NODE_BASE_IMAGE?: string;

  @EnvSetting({
    about: 'Base image of Python functions, instead of that of the runtime; may hold {version}.',
  })
  @IsOptional()
  @Matches(IMAGE_REFERENCE, IMAGE)
  PYTHON_BASE_IMAGE?: string;

  @EnvSetting({
    about: 'Image that Go functions are compiled in, instead of that of the runtime; may hold {version}.',
  })
  @IsOptional()
  @Matches(IMAGE_REFERENCE, IMAGE)
  GO_BASE_IMAGE?: string;

  @EnvSetting({ about: 'Image that compiled Go functions are put into, instead of that of the runtime.' })
  @IsOptional()
  @Matches(IMAGE_REFERENCE, IMAGE)
  GO_FINAL_IMAGE?: string;
}

/** How long contexts are kept. */
class ContextSweepSettings {
  @EnvSetting({ about: 'Days that a context is kept after its last use.', default: 7 })
  @IsNumber({}, { message: 'must be a number of days' })
  @Min(MIN_TTL_DAYS, { message: `must be at least ${MIN_TTL_DAYS} (about an hour)` })
  @Max(MAX_TTL_DAYS, { message: `must be at most ${MAX_TTL_DAYS}` })
  CONTEXT_TTL_DAYS!: number;

  @EnvSetting({ about: 'The same for single tenants, as tenant=days, separated by commas.' })
  @IsOptional()
  @IsTenantDays({ message: TENANT_DAYS_RULE })
  CONTEXT_TTL_DAYS_BY_TENANT?: string;

  @EnvSetting({
    about: 'Whether contexts are swept: on, off, or dry-run, which only counts what it would do.',
    default: 'on',
  })
  @IsIn(SWEEPS, { message: `must be one of ${SWEEPS.join(', ')}` })
  CONTEXT_SWEEP!: (typeof SWEEPS)[number];

  @EnvSetting({ about: 'Seconds between two sweeps of the contexts.', default: 3600 })
  @IsNumber({}, { message: 'must be a number of seconds' })
  @Min(1, AT_LEAST_1)
  @Max(86_400, { message: 'must be at most 86400' })
  CONTEXT_SWEEP_INTERVAL!: number;
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
  BaseImageSettings,
  ContextSweepSettings,
] as const;

export function readConfig() {
  return loadConfig(SHAPES);
}

export function ttlOf(config: ContextSweepSettings): ContextTtl {
  const { CONTEXT_TTL_DAYS: days, CONTEXT_TTL_DAYS_BY_TENANT: byTenant } = config;
  return { days, byTenant: byTenant === undefined ? {} : (tenantDaysIn(byTenant) ?? {}) };
}

/** The base images that are set, by build argument. */
export function baseImagesOf({
  NODE_BASE_IMAGE,
  PYTHON_BASE_IMAGE,
  GO_BASE_IMAGE,
  GO_FINAL_IMAGE,
}: BaseImageSettings) {
  return { NODE_BASE_IMAGE, PYTHON_BASE_IMAGE, GO_BASE_IMAGE, GO_FINAL_IMAGE };
}
