import { IsBoolean, IsOptional, IsString, Matches } from 'class-validator';
import { IsHttpUrl } from './checks';
import { EnvSetting } from './setting';

const BUCKET = { message: 'must be the name of a bucket: a–z 0–9 . - and 3–63 characters' };
const NAMESPACE = { message: 'must be the name of a namespace: a–z 0–9 - and at most 63 characters' };

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
}
