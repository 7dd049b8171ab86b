import { IsInt, IsObject, IsOptional, IsString } from 'class-validator';
import { defineEvent } from '../define-event';

const TEXT = { message: 'must be a string' };

class ServiceFactData {
  @IsString(TEXT)
  third_party_id!: string;

  @IsString(TEXT)
  parser_id!: string;

  @IsString(TEXT)
  service_name!: string;

  /** The sequence of the wish that is now answered. */
  @IsInt({ message: 'must be a whole number' })
  sequence!: number;

  @IsInt({ message: 'must be a whole number' })
  version!: number;

  @IsOptional()
  @IsString(TEXT)
  url?: string;

  @IsOptional()
  @IsString(TEXT)
  revision?: string;

  @IsOptional()
  @IsString(TEXT)
  image_digest?: string;

  @IsOptional()
  @IsObject({ message: 'must be an object' })
  cause?: { code: string; message: string; hint: string; retryable: boolean; log_line?: string };
}

export const serviceReady = defineEvent({
  type: 'service.ready',
  version: 1,
  kind: 'fact',
  from: 'service-deployer',
  to: 'the world',
  summary: 'A function serves a new revision.',
  data: ServiceFactData,
});

export const serviceFailed = defineEvent({
  type: 'service.failed',
  version: 1,
  kind: 'fact',
  from: 'service-deployer',
  to: 'the world',
  summary: 'A new revision could not be served; the earlier one goes on.',
  data: ServiceFactData,
});

export const serviceDeleted = defineEvent({
  type: 'service.deleted',
  version: 1,
  kind: 'fact',
  from: 'service-deployer',
  to: 'the world',
  summary: 'A function was taken away.',
  data: ServiceFactData,
});
