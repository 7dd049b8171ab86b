import { IsBoolean, IsIn, IsOptional, IsString, Matches } from 'class-validator';
import { IsHttpUrl } from './checks';
import { EnvSetting } from './setting';

const BUCKET = { message: 'must be the name of a bucket: a–z 0–9 . - and 3–63 characters' };
const NAMESPACE = { message: 'must be the name of a namespace: a–z 0–9 - and at most 63 characters' };
const OBJECT_TAGS =
  /^[\p{L}\p{N} +\-._:/@]{1,128}=[\p{L}\p{N} +\-._:/@]{0,256}(,[\p{L}\p{N} +\-._:/@]{1,128}=[\p{L}\p{N} +\-._:/@]{0,256}){0,9}$/u;
const ENCRYPTIONS = ['AES256', 'aws:kms'] as const;

/** How an S3 server is reached. Its credentials come from where the AWS SDK looks for them. */
export class S3Settings {
  @EnvSetting({ about: 'Address of an S3 server other than AWS.' })
  @IsOptional()
  @IsHttpUrl()
  S3_ENDPOINT?: string;

  @EnvSetting({
    about: 'Whether the bucket stands in the path, as most servers other than AWS want it.',
    default: false,
  })
  @IsBoolean({ message: 'must be on or off' })
  S3_FORCE_PATH_STYLE!: boolean;

  @EnvSetting({ about: 'Region of the S3 server.', default: 'us-east-1' })
  @Matches(/^[a-z0-9-]+$/, { message: 'must be a region such as eu-central-1' })
  AWS_REGION!: string;
}

/** Which stores there are for contexts besides the folder of the local platform. */
export class ContextStoreSettings {
  @EnvSetting({ about: 'Bucket for contexts; with it there is the context store s3.' })
  @IsOptional()
  @Matches(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, BUCKET)
  CONTEXT_BUCKET?: string;

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
  @Matches(OBJECT_TAGS, {
    message:
      'must be at most 10 of key=value, separated by commas, of letters, digits, spaces and + - . _ : / @',
  })
  S3_OBJECT_TAGS?: string;

  @EnvSetting({
    about:
      'Keeps a copy of the latest context of each function at build-context/{parser_id}/context.tar.gz in CONTEXT_BUCKET; tenants share the place of functions with one name.',
    default: true,
  })
  @IsBoolean({ message: 'must be on or off' })
  CONTEXT_ALIAS!: boolean;

  @EnvSetting({
    about: 'Namespace for the ConfigMaps of contexts; with it there is the context store configmap.',
  })
  @IsOptional()
  @Matches(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, NAMESPACE)
  BUILD_NAMESPACE?: string;

  @EnvSetting({
    about:
      'Kubeconfig file; without it the service account of the pod is used. Read with BUILD_NAMESPACE alone.',
  })
  @IsOptional()
  @IsString()
  KUBECONFIG?: string;

  static contradictions({ S3_SSE, S3_SSE_KMS_KEY_ID }: Partial<ContextStoreSettings>): string[] {
    if (S3_SSE_KMS_KEY_ID === undefined || S3_SSE === 'aws:kms') return [];
    return ['S3_SSE_KMS_KEY_ID is set, but S3_SSE is not "aws:kms"; set both, or leave the key out.'];
  }
}
