import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { defineEvent } from '../define-event';

/** What every fact about a build carries. */
export class BuildFactData {
  @IsString({ message: 'must be a build id' })
  @MaxLength(63, { message: 'must not be longer than 63 characters' })
  build_id!: string;

  @IsString({ message: 'must be a string' })
  third_party_id!: string;

  @IsString({ message: 'must be a string' })
  parser_id!: string;

  /** Raised by one with each transition; readers drop what is older. */
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1' })
  version!: number;
}

class BuildAcceptedData extends BuildFactData {
  @IsInt({ message: 'must be a whole number' })
  sequence!: number;
}

class JobStartData extends BuildFactData {
  @IsString({ message: 'must be a string' })
  content_hash!: string;

  @IsOptional()
  @IsObject({ message: 'must be an object' })
  context?: { store: string; key: string; size: number; sha256: string };

  @IsString({ message: 'must be a string' })
  image_uri!: string;

  @IsInt({ message: 'must be a whole number' })
  priority!: number;
}

class StatusUpdateData extends BuildFactData {
  @IsString({ message: 'must be a string' })
  status!: string;

  @IsString({ message: 'must be a string' })
  phase!: string;

  @IsInt({ message: 'must be a whole number' })
  attempt!: number;

  /** 64 hex, from when the content is known. */
  @IsOptional()
  @IsString({ message: 'must be a string' })
  content_hash?: string;
}

/** How a build ended: the sidecar's claim, and after verification the public fact. */
export class BuildEndData {
  @IsOptional()
  @IsString({ message: 'must be a build id' })
  @MaxLength(63, { message: 'must not be longer than 63 characters' })
  build_id?: string;

  @IsString({ message: 'must be a string' })
  third_party_id!: string;

  @IsString({ message: 'must be a string' })
  parser_id!: string;

  @IsOptional()
  @IsInt({ message: 'must be a whole number' })
  version?: number;

  @IsOptional()
  @IsString({ message: 'must be a string' })
  content_hash?: string;

  /** Family and version, such as `python3.13`. */
  @IsOptional()
  @IsString({ message: 'must be a string' })
  runtime?: string;

  /** Where the context lies, with `configmap_name` where that is a ConfigMap. */
  @IsOptional()
  @IsObject({ message: 'must be an object' })
  context?: { store: string; key: string; configmap_name?: string; size: number; sha256: string };

  @IsOptional()
  @IsString({ message: 'must be a string' })
  job_name?: string;

  @IsOptional()
  @IsString({ message: 'must be a string' })
  job_uid?: string;

  @IsOptional()
  @IsInt({ message: 'must be a whole number' })
  @Min(0, { message: 'must be at least 0' })
  @Max(1_000_000, { message: 'must be at most 1000000' })
  @Type(() => Number)
  attempt?: number;

  @IsOptional()
  @IsString({ message: 'must be a string' })
  image_uri?: string;

  @IsOptional()
  @Matches(/^sha256:[0-9a-f]{64}$/, { message: 'must be sha256: and 64 hex digits' })
  image_digest?: string;

  @IsOptional()
  @IsObject({ message: 'must be an object' })
  artifact?: { kind: string; uri: string; digest: string };

  @IsIn(['success', 'failed', 'timeout'], { message: 'must be one of: success, failed, timeout' })
  status!: 'success' | 'failed' | 'timeout';

  @IsOptional()
  @IsInt({ message: 'must be a whole number' })
  @Min(-(2 ** 31), { message: 'must be at least -2147483648' })
  @Max(2 ** 31 - 1, { message: 'must be at most 2147483647' })
  exit_code?: number;

  /** As people read it: `2m30s`. */
  @IsOptional()
  @IsString({ message: 'must be a string such as 2m30s' })
  duration?: string;

  @IsOptional()
  @IsNumber({}, { message: 'must be a number of seconds' })
  duration_seconds?: number;

  @IsOptional()
  @IsString({ message: 'must be a string' })
  error_message?: string;

  @IsOptional()
  @IsObject({ message: 'must be an object' })
  cause?: { code: string; message: string; hint: string; retryable: boolean; log_line?: string };

  @IsOptional()
  @IsString({ message: 'must be a string' })
  correlation_id?: string;
}

class BuildCancelledData extends BuildFactData {
  @IsString({ message: 'must be a string' })
  actor!: string;

  @IsOptional()
  @IsString({ message: 'must be a string' })
  reason?: string;

  /** 64 hex, from when the content is known. */
  @IsOptional()
  @IsString({ message: 'must be a string' })
  content_hash?: string;
}

export const buildAccepted = defineEvent({
  type: 'build.accepted',
  version: 1,
  kind: 'fact',
  from: 'ingest, api',
  to: 'context-builder',
  summary: 'A build was recorded and will be done.',
  data: BuildAcceptedData,
});

export const jobStart = defineEvent({
  type: 'job.start',
  version: 1,
  kind: 'fact',
  from: 'context-builder',
  to: 'job-launcher',
  summary: 'The context is stored; the build waits for a slot.',
  data: JobStartData,
});

export const statusUpdate = defineEvent({
  type: 'status.update',
  version: 1,
  kind: 'fact',
  from: 'whoever owns the step',
  to: 'whoever listens',
  summary: 'A build reached another phase.',
  data: StatusUpdateData,
});

export const buildComplete = defineEvent({
  type: 'build.complete',
  version: 1,
  kind: 'fact',
  from: 'job-launcher, context-builder (as a claim on build-reports: the sidecar)',
  to: 'service-deployer, the world',
  summary: 'A build succeeded; its digest is verified.',
  data: BuildEndData,
});

export const buildFailed = defineEvent({
  type: 'build.failed',
  version: 1,
  kind: 'fact',
  from: 'job-launcher, context-builder (as a claim on build-reports: the sidecar)',
  to: 'the world',
  summary: 'A build failed, with its cause.',
  data: BuildEndData,
});

export const buildTimeout = defineEvent({
  type: 'build.timeout',
  version: 1,
  kind: 'fact',
  from: 'a sidecar',
  to: 'job-launcher',
  summary: 'Another name of build.failed with status timeout.',
  data: BuildEndData,
});

export const buildCancelled = defineEvent({
  type: 'build.cancelled',
  version: 1,
  kind: 'fact',
  from: 'api, ingest',
  to: 'job-launcher, the world',
  summary: 'A build was cancelled.',
  data: BuildCancelledData,
});
