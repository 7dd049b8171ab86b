import { parseObjectTags } from '@slipway/object-store';
import type { ContextTtl } from '@slipway/ledger';
import { EnvSetting, type ContextStoreSettings } from '@slipway/service-kit';
import {
  IsBoolean,
  IsIn,
  IsNumber,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateBy,
  type ValidationArguments,
} from 'class-validator';
import {
  IsTenantDays,
  MAX_TTL_DAYS,
  MIN_TTL_DAYS,
  TENANT_DAYS_RULE,
  tenantDaysIn,
} from './sweep-contexts/tenant-days';

const STORES = ['file', 's3'] as const;
const SWEEPS = ['on', 'dry-run', 'off'] as const;
const ENCRYPTIONS = ['AES256', 'aws:kms'] as const;
const AT_LEAST_1 = { message: 'must be at least 1' };
/** A repository with a tag or digest, or both; `{version}` may stand in the tag. */
const IMAGE_REFERENCE =
  /^[a-z0-9]+([._-]+[a-z0-9]+)*(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:([A-Za-z0-9_.-]|\{version\})+)?(@sha256:[0-9a-f]{64})?$/;

/** What is wrong with the tags, in words that follow the setting's name. */
function tagsProblem(value: unknown): string | undefined {
  try {
    parseObjectTags(String(value));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function IsObjectTags(): PropertyDecorator {
  return ValidateBy({
    name: 'isObjectTags',
    validator: {
      validate: (value: unknown) => tagsProblem(value) === undefined,
      defaultMessage: (given?: ValidationArguments) => tagsProblem(given?.value) ?? '',
    },
  });
}

/** Of the bucket for contexts alone. */
const BUCKET_SETTINGS = ['S3_SSE', 'S3_SSE_KMS_KEY_ID', 'S3_OBJECT_TAGS', 'CONTEXT_ALIAS'];

/** How contexts are stored. */
export class ContextWritingSettings {
  @EnvSetting({
    about: 'Where contexts are stored whose build names no context_store: file or s3.',
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

  @EnvSetting({ about: 'How S3 encrypts contexts: AES256 or aws:kms; without it as the bucket says.' })
  @IsOptional()
  @IsIn(ENCRYPTIONS, { message: `must be one of ${ENCRYPTIONS.join(', ')}` })
  S3_SSE?: (typeof ENCRYPTIONS)[number];

  @EnvSetting({ about: 'Key for aws:kms; without it the default key of the account.' })
  @IsOptional()
  @Matches(/^[A-Za-z0-9:/_.-]{1,2048}$/, { message: 'must be the id, ARN or alias of a key' })
  S3_SSE_KMS_KEY_ID?: string;

  @EnvSetting({ about: 'Tags of contexts on S3, as key=value, separated by commas; at most 10.' })
  @IsOptional()
  @IsObjectTags()
  S3_OBJECT_TAGS?: string;

  @EnvSetting({
    about:
      'Keeps a copy of the latest context of each function at build-context/{parser_id}/context.tar.gz in CONTEXT_BUCKET; of functions with one name it is that of the tenant that came first.',
    default: true,
  })
  @IsBoolean({ message: 'must be on or off' })
  CONTEXT_ALIAS!: boolean;

  static contradictions(
    config: Partial<ContextWritingSettings & ContextStoreSettings>,
    isSet: (name: string) => boolean,
  ): string[] {
    const { CONTEXT_BUCKET, CONTEXT_STORE, S3_SSE, S3_SSE_KMS_KEY_ID } = config;
    const problems: string[] = [];
    if (CONTEXT_BUCKET === undefined) {
      if (CONTEXT_STORE === 's3')
        problems.push('CONTEXT_STORE is "s3", but CONTEXT_BUCKET is not set; name the bucket for contexts.');
      const idle = BUCKET_SETTINGS.filter((name) => isSet(name) && name in config);
      for (const name of idle)
        problems.push(
          `${name} is set, but CONTEXT_BUCKET is not, so it changes nothing; name the bucket, or leave it out.`,
        );
    } else if (S3_SSE_KMS_KEY_ID !== undefined && S3_SSE !== 'aws:kms') {
      problems.push('S3_SSE_KMS_KEY_ID is set, but S3_SSE is not "aws:kms"; set both, or leave the key out.');
    }
    return problems;
  }
}

const IMAGE = { message: 'must be the reference of an image, such as mirror.local/node:{version}-alpine' };

/** Where base images come from; `{version}` stands for the version of the language. Each is part of the content's hash. */
export class BaseImageSettings {
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
export class ContextSweepSettings {
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
