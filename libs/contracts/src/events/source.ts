import { IsIn, IsObject, IsOptional, IsString, MaxLength } from 'class-validator';

export const SOURCE_KINDS = ['object', 'inline', 'archive', 'git'] as const;

/** Where the function's source comes from (wire: `source`). Which fields belong to which kind is checked by `sourceOf`. */
export class SourceData {
  @IsIn(SOURCE_KINDS, { message: 'must be one of: object, inline, archive, git' })
  kind!: (typeof SOURCE_KINDS)[number];

  /** kind object: a key below `global/parser/` or `tenants/{third_party_id}/`. */
  @IsOptional()
  @IsString({ message: 'must be a string' })
  @MaxLength(1024, { message: 'must not be longer than 1024 characters' })
  key?: string;

  @IsOptional()
  @IsString({ message: 'must be a string' })
  @MaxLength(255, { message: 'must not be longer than 255 characters' })
  bucket?: string;

  /** kind inline: path → text. */
  @IsOptional()
  @IsObject({ message: 'must be an object of path → text' })
  files?: Record<string, string>;

  /** kind inline, short form: one file under the runtime's default name. */
  @IsOptional()
  @IsString({ message: 'must be a string' })
  code?: string;

  /** kind archive or git. */
  @IsOptional()
  @IsString({ message: 'must be a string' })
  @MaxLength(2048, { message: 'must not be longer than 2048 characters' })
  url?: string;

  @IsOptional()
  @IsString({ message: 'must be a string' })
  @MaxLength(255, { message: 'must not be longer than 255 characters' })
  ref?: string;

  @IsOptional()
  @IsString({ message: 'must be a string' })
  @MaxLength(1024, { message: 'must not be longer than 1024 characters' })
  path?: string;
}
