import { loadConfig, type ConfigurationError } from '@slipway/service-kit';
import { SHAPES } from './config';
import { ttlOf } from './context-settings';

const GOOD = {
  DATABASE_URL: 'postgres://u:p@h/d',
  AMQP_URL: 'amqp://h',
  STATE_DIR: '/state',
  OBJECT_STORE_URL: 'file:///objects',
};

const read = (env: Record<string, string>) => loadConfig(SHAPES, { ...GOOD, ...env });

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    read(env);
    return [];
  } catch (error) {
    return (error as ConfigurationError).problems;
  }
}

describe('the settings of the context-builder', () => {
  it.each<[Record<string, string>, RegExp]>([
    [{ CONTEXT_STORE: 's3' }, /CONTEXT_BUCKET is not set; name the bucket/],
    [{ CONTEXT_STORE: 'tape' }, /CONTEXT_STORE must be one of file, s3; it is "tape"/],
    [{ CONTEXT_BUCKET: 'b-1', S3_OBJECT_TAGS: 'a=1,a=2' }, /S3_OBJECT_TAGS must name the tag "a" once/],
    [{ S3_SSE: 'AES256' }, /S3_SSE is set, but CONTEXT_BUCKET is not, so it changes nothing/],
    [{ CONTEXT_BUCKET: 'Not_A_Bucket' }, /CONTEXT_BUCKET must be the name of a bucket/],
    [{ S3_ENDPOINT: 'http://h:9000' }, /no S3 server is asked; set one of them/],
    [{ CONTEXT_BUCKET: 'b-1', S3_SSE_KMS_KEY_ID: 'k' }, /S3_SSE is not "aws:kms"/],
    [{ CONTEXT_TTL_DAYS: '0' }, /CONTEXT_TTL_DAYS must be at least 0.05/],
    [{ CONTEXT_TTL_DAYS_BY_TENANT: 'acme=0' }, /CONTEXT_TTL_DAYS_BY_TENANT must be tenant=days/],
    [{ NODE_BASE_IMAGE: 'node:24 alpine' }, /NODE_BASE_IMAGE must be the reference of an image/],
    [{ CONTEXT_SWEEP: 'maybe' }, /CONTEXT_SWEEP must be one of on, dry-run, off/],
    [{ SOURCE_CREDENTIALS: 'git.example hunter2' }, /SOURCE_CREDENTIALS must be lines such as .*line 1/],
  ])('%j are refused with one sentence', (env, sentence) => {
    expect(problemsOf(env)).toEqual([expect.stringMatching(sentence)]);
  });

  it('never show a credential', () => {
    const problems = problemsOf({ SOURCE_CREDENTIALS: 'ftp://me:hunter2@git.example' });
    expect(problems.join()).not.toContain('hunter2');
  });

  it.each([
    'node:24',
    'mirror.local:5000/a/node:{version}-alpine',
    `node:24@sha256:${'a'.repeat(64)}`,
    'node',
  ])('take the base image %s', (image) =>
    expect(read({ NODE_BASE_IMAGE: image }).NODE_BASE_IMAGE).toBe(image),
  );

  it('give the days that contexts are kept', () => {
    const config = read({ CONTEXT_TTL_DAYS_BY_TENANT: 'acme=30,globex=0.5' });
    expect(ttlOf(config)).toEqual({ days: 7, byTenant: { acme: 30, globex: 0.5 } });
  });
});
