import { Type } from 'class-transformer';
import { IsBoolean, IsObject, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { defineEvent } from '../define-event';
import { DeployData } from './deploy';

const TEXT = { message: 'must be a string' };

export class BuildCancelData {
  /** Absent: every live build of the function that source and subject (or the ids) name. */
  @IsOptional()
  @IsString(TEXT)
  @MaxLength(63, { message: 'must not be longer than 63 characters' })
  build_id?: string;

  @IsOptional()
  @IsString(TEXT)
  third_party_id?: string;

  @IsOptional()
  @IsString(TEXT)
  parser_id?: string;

  @IsOptional()
  @IsString(TEXT)
  @MaxLength(1024, { message: 'must not be longer than 1024 characters' })
  reason?: string;
}

export class RebuildStartData {
  @IsOptional()
  @IsString(TEXT)
  third_party_id?: string;

  @IsOptional()
  @IsString(TEXT)
  parser_id?: string;

  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  force?: boolean;
}

export class ServiceUpdateData {
  @IsOptional()
  @IsString(TEXT)
  third_party_id?: string;

  @IsOptional()
  @IsString(TEXT)
  parser_id?: string;

  @IsObject({ message: 'must be an object of deploy options' })
  @ValidateNested()
  @Type(() => DeployData)
  deploy!: DeployData;
}

export class ServiceDeleteData {
  @IsOptional()
  @IsString(TEXT)
  third_party_id?: string;

  @IsOptional()
  @IsString(TEXT)
  parser_id?: string;

  @IsOptional()
  @IsString(TEXT)
  @MaxLength(1024, { message: 'must not be longer than 1024 characters' })
  reason?: string;
}

export const buildCancel = defineEvent({
  type: 'build.cancel',
  version: 1,
  kind: 'command',
  from: 'anyone',
  to: 'ingest',
  summary: 'Cancel a build, or every live build of a function.',
  data: BuildCancelData,
});

export const rebuildStart = defineEvent({
  type: 'rebuild.start',
  version: 1,
  kind: 'command',
  from: 'anyone',
  to: 'ingest',
  summary: "Do the function's last build.start again.",
  data: RebuildStartData,
});

export const serviceUpdate = defineEvent({
  type: 'service.update',
  version: 1,
  kind: 'command',
  from: 'anyone',
  to: 'service-deployer',
  summary: 'Change how a function is served, without a build.',
  data: ServiceUpdateData,
});

export const serviceDelete = defineEvent({
  type: 'service.delete',
  version: 1,
  kind: 'command',
  from: 'anyone',
  to: 'service-deployer',
  summary: 'Take a function away.',
  data: ServiceDeleteData,
});
