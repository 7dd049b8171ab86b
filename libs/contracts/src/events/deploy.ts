import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsTextMap } from './text-map';

const INT = { message: 'must be a whole number' };

export class TriggerData {
  /** Plain names only: a wildcard would bind the functions' queue to everything. */
  @Matches(/^[A-Za-z0-9._-]{1,255}$/, {
    message: 'must be an event type of 1–255 letters, digits, dots, _ and -',
  })
  type!: string;

  /** Attribute → exact value. */
  @IsOptional()
  @IsTextMap({ message: 'must be an object of attribute → text' })
  filters?: Record<string, string>;
}

/** How the function is served. Absent means kept as it was, null means back to the default. */
export class DeployData {
  @IsOptional()
  @IsInt(INT)
  @Min(0, { message: 'must be at least 0' })
  @Max(100, { message: 'must be at most 100' })
  min_scale?: number | null;

  @IsOptional()
  @IsInt(INT)
  @Min(1, { message: 'must be at least 1' })
  @Max(1000, { message: 'must be at most 1000' })
  max_scale?: number | null;

  @IsOptional()
  @IsInt(INT)
  @Min(1, { message: 'must be at least 1' })
  @Max(1000, { message: 'must be at most 1000' })
  concurrency?: number | null;

  @IsOptional()
  @IsInt(INT)
  @Min(1, { message: 'must be at least 1' })
  @Max(600, { message: 'must be at most 600' })
  timeout_seconds?: number | null;

  @IsOptional()
  @IsTextMap({ message: 'must be an object of name → text' })
  env?: Record<string, string> | null;

  @IsOptional()
  @IsArray({ message: 'must be a list of names' })
  @IsString({ each: true, message: 'must be a list of names' })
  secrets?: string[] | null;

  @IsOptional()
  @IsArray({ message: 'must be a list' })
  @ArrayMaxSize(32, { message: 'must not have more than 32 entries' })
  @ValidateNested({ each: true })
  @Type(() => TriggerData)
  triggers?: TriggerData[] | null;

  @IsOptional()
  @Matches(/^\d+(\.\d+)?m?$/, { message: 'must be a CPU quantity such as 500m or 1' })
  cpu?: string | null;

  @IsOptional()
  @Matches(/^\d+(Ki|Mi|Gi)$/, { message: 'must be a memory quantity such as 256Mi' })
  memory?: string | null;
}
