import { ID_PATTERN, ID_RULE } from '@slipway/domain';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { defineEvent } from '../define-event';
import { DeployData } from './deploy';
import { SourceData } from './source';

const ID_MESSAGE = { message: ID_RULE };
const TEXT = { message: 'must be a string' };

/** What a build is asked to do. The ids may stand in the event's source and subject instead. */
export class BuildStartData {
  @IsOptional()
  @Matches(ID_PATTERN, ID_MESSAGE)
  third_party_id?: string;

  @IsOptional()
  @Matches(ID_PATTERN, ID_MESSAGE)
  parser_id?: string;

  @IsOptional()
  @IsIn(['lambda'], { message: 'must be "lambda"' })
  build_type?: 'lambda';

  @IsOptional()
  @IsString(TEXT)
  @MaxLength(32, { message: 'must not be longer than 32 characters' })
  runtime?: string;

  /** Short form of `source`: a git host or .git, an archive, or s3://. */
  @IsOptional()
  @IsString(TEXT)
  @MaxLength(2048, { message: 'must not be longer than 2048 characters' })
  source_url?: string;

  @IsOptional()
  @IsObject({ message: 'must be an object' })
  @ValidateNested()
  @Type(() => SourceData)
  source?: SourceData;

  /** One file of source under the runtime's default name; the short form of an inline source. */
  @IsOptional()
  @IsString(TEXT)
  code?: string;

  /** Recorded as it came, never compared: Slipway computes its own. */
  @IsOptional()
  @IsString(TEXT)
  @MaxLength(200, { message: 'must not be longer than 200 characters' })
  content_hash?: string;

  @IsOptional()
  @IsString(TEXT)
  @MaxLength(1024, { message: 'must not be longer than 1024 characters' })
  entrypoint?: string;

  /** Seconds. */
  @IsOptional()
  @IsInt({ message: 'must be a whole number of seconds' })
  @Min(30, { message: 'must be at least 30 seconds' })
  @Max(7200, { message: 'must be at most 7200 seconds' })
  build_timeout?: number;

  /** 1 first, 10 last. */
  @IsOptional()
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1' })
  @Max(10, { message: 'must be at most 10' })
  priority?: number;

  @IsOptional()
  @IsObject({ message: 'must be an object' })
  parameters?: Record<string, unknown>;

  @IsOptional()
  @IsObject({ message: 'must be an object' })
  @ValidateNested()
  @Type(() => DeployData)
  deploy?: DeployData;

  @IsOptional()
  @IsIn(['file', 's3', 'configmap'], { message: 'must be one of: file, s3, configmap' })
  context_store?: 'file' | 's3' | 'configmap';

  @IsOptional()
  @IsIn(['context', 'artifact', 'service'], { message: 'must be one of: context, artifact, service' })
  stop_after?: 'context' | 'artifact' | 'service';

  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  force_rebuild?: boolean;

  @IsOptional()
  @IsString(TEXT)
  @MaxLength(200, { message: 'must not be longer than 200 characters' })
  correlation_id?: string;
}

export const buildStart = defineEvent({
  type: 'build.start',
  version: 1,
  kind: 'command',
  from: 'anyone',
  to: 'ingest',
  summary: "Build a function's source and serve it.",
  data: BuildStartData,
});
