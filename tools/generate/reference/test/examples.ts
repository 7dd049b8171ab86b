import type { Setting } from '@slipway/service-kit';

/** Every variable that has to be set, with a value that is right. */
export const RIGHT: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgres://user:password@127.0.0.1:5432/slipway',
  AMQP_URL: 'amqp://user:password@127.0.0.1:5672',
  SIDECAR_AMQP_URL: 'amqps://sidecar:password@rabbitmq_1:5671/%2Fvhost',
  OBJECT_STORE_URL: 's3://',
  STATE_DIR: '/var/lib/slipway',
  KANIKO_NAMESPACE: '/var/lib/slipway/jobs',
  KANIKO_POD_NAME: 'build-acme-greet-0123456789',
  KANIKO_CONTAINER_NAME: 'builder',
  BUILD_JOB_NAME: 'build-acme-greet-0123456789',
  IMAGE_URI: 'registry.local/knative-lambdas:acme-greet-0123456789ab',
  THIRD_PARTY_ID: 'acme',
  PARSER_ID: 'greet',
  CONTENT_HASH: '0123456789abcdef',
  CORRELATION_ID: 'corr-123',
  BUILD_TIMEOUT: '1800',
  BUILD_ID: 'build-acme-greet-0123456789',
  ATTEMPT: '1',
  JOB_UID: '4d6f2c1e-6a0e-4d0b-9c59-3c5b2f0e8a11',
};

const URLS = ['mysql://user:password@host/db', '127.0.0.1:5432', 'https://host:99999', '://'];
const AMQP = [...URLS, 'http://127.0.0.1:5672', 'amqp://127.0.0.1:port', 'amqp://127.0.0.1:99999'];
const HTTP = [...URLS, 'ftp://127.0.0.1', 'http://', '/path', 'http://two words'];
const PREFIX = ['network.notifi', 'Network.', 'a b.', '*.'];
const COUNT = ['0', '-1', '2.5'];
const DAYS = [...COUNT, '36501'];
const IMAGE = ['two words', 'Node:24', 'node:{runtime}', 'https://mirror.local/node', 'node@sha256:1'];
const LEVEL = ['verbose', 'INFO'];

/** For each variable, values that are wrong for it. Numbers and switches have those of their type besides. */
export const MALFORMED: Readonly<Record<string, readonly string[]>> = {
  HOST: ['two words', 'http://127.0.0.1', '127.0.0.1, ::1', '0.0.0.0/0'],
  PORT: ['0', '65536', '-1', '80.5'],
  LOG_LEVEL: LEVEL,
  LOG_FORMAT: ['text', 'JSON'],
  SHUTDOWN_GRACE: ['0', '-5', '3601'],
  FAULT_POINTS: ['kill', 'kill@nowhere:1', 'crash@ledger.before-commit:1', 'kill@ledger.before-commit:0'],
  ALLOW_UNAUTHENTICATED: ['allow'],
  DATABASE_URL: [...URLS, 'postgres://127.0.0.1:port/db', 'postgres://127.0.0.1:99999/db'],
  DATABASE_POOL: ['1', '-10', '2.5'],
  AMQP_URL: AMQP,
  SIDECAR_AMQP_URL: AMQP,
  QUEUE_SUFFIX: ['Staging', 'a_b', 'a b', 'x'.repeat(33)],
  EVENT_TYPE_PREFIX: PREFIX,
  EVENT_SOURCE_PREFIX: PREFIX,
  LENIENT_EVENTS: ['strict'],
  MAX_PENDING: COUNT,
  MAX_PENDING_PER_TENANT: COUNT,
  API_URL: HTTP,
  GATEWAY_URL: HTTP,
  SLIPWAY_PLATFORM: ['Local', 'ecs'],
  SLIPWAY_BUILDER: ['Host', 'docker'],
  SOURCE_BUCKET: ['Bucket', '../bucket', 'a/b', 'a,b'],
  SOURCE_BUCKETS: ['a,,b', 'a, b', ',', '../a'],
  SOURCE_HTTP_HOSTS: ['http://127.0.0.1', 'a, b', 'a,,b', 'two words'],
  STATE_DIR: ['state', './state', '~/state'],
  IMAGE_REPOSITORY: [
    'Registry.local/images',
    'registry.local/{tenant}',
    '/images',
    'a b',
    'registry.local/images:latest',
  ],
  OBJECT_STORE_URL: ['/folder', 'file://folder', 'https://bucket.s3.amazonaws.com'],
  S3_ENDPOINT: ['127.0.0.1:9000', 's3://bucket', 'http://127.0.0.1:port'],
  S3_FORCE_PATH_STYLE: ['path'],
  AWS_REGION: ['EU', 'eu central', 'eu_central_1'],
  CONTEXT_STORE: ['S3', 'tape'],
  CONTEXT_OVERFLOW: ['maybe'],
  CONTEXT_BUCKET: ['ab', 'Bucket', 'a/b', '-bucket'],
  CONTEXT_ALIAS: ['maybe'],
  CONTEXT_TTL_DAYS: ['0', '-1', '36501'],
  CONTEXT_TTL_DAYS_BY_TENANT: ['acme', 'acme=0', 'acme=7,', 'acme=7,acme=8', 'a b=7'],
  CONTEXT_SWEEP: ['maybe', 'dry'],
  CONTEXT_SWEEP_INTERVAL: ['0', '86401', '1h'],
  S3_SSE: ['aes256', 'kms'],
  S3_SSE_KMS_KEY_ID: ['two words', 'a,b'],
  S3_OBJECT_TAGS: ['team', '=build', 'team=build,', 'a=%', 'a=1,a=2', 'aws:a=1'],
  BUILD_NAMESPACE: ['Builds', 'a.b', '-builds', 'b'.repeat(64)],
  SOURCE_CREDENTIALS: ['git.example token', 'https://git.example', 'ftp://me:token@git.example'],
  NODE_BASE_IMAGE: IMAGE,
  PYTHON_BASE_IMAGE: IMAGE,
  GO_BASE_IMAGE: IMAGE,
  GO_FINAL_IMAGE: IMAGE,
  MAX_CONCURRENT_CONTEXTS: COUNT,
  MAX_CONTEXTS_PER_MINUTE: COUNT,
  MAX_CONTEXTS_PER_MINUTE_PER_TENANT: COUNT,
  MAX_BUILDS_PER_MINUTE: COUNT,
  MAX_BUILDS_PER_MINUTE_PER_TENANT: COUNT,
  MAX_CONCURRENT_BUILDS: COUNT,
  MAX_CONCURRENT_BUILDS_PER_TENANT: COUNT,
  MAX_CONCURRENT_EVENTS: COUNT,
  MAX_ATTEMPTS: COUNT,
  MAX_SOURCE_BYTES: ['0', '1023', '100MiB'],
  BUILD_MEMORY_LIMIT: ['0', '16777215', '2Gi'],
  // A timer of Node that is set further than 2^31 ms fires at once, so seconds have an upper end.
  MONITOR_INTERVAL: ['0', '0.05', '3601', '1s'],
  RECONCILE_INTERVAL: ['0', '0.5', '3601', '30s'],
  IDLE_SECONDS: ['0', '0.5', '86401', '1m'],
  RETENTION_INBOX: DAYS,
  RETENTION_OUTBOX: DAYS,
  RETENTION_BUILDS: DAYS,
  RETENTION_LOGS: DAYS,
  RETENTION_DELIVERIES: DAYS,
  BUILD_TIMEOUT: ['0', '-1', '30m'],
  ATTEMPT: COUNT,
};

/** Names and lists of folders that somebody else defines: there is no text that is certainly wrong. */
export const ANY_TEXT: readonly string[] = [
  'KUBECONFIG',
  'PATH',
  'KANIKO_NAMESPACE',
  'KANIKO_POD_NAME',
  'KANIKO_CONTAINER_NAME',
  'BUILD_JOB_NAME',
  'IMAGE_URI',
  'THIRD_PARTY_ID',
  'PARSER_ID',
  'CONTENT_HASH',
  'CORRELATION_ID',
  'BUILD_ID',
  'JOB_UID',
];

const BY_TYPE: Record<Setting['type'], readonly string[]> = {
  number: ['many', 'NaN', 'Infinity', '1e3', '0x10', ' 5', '5 ', '1,000', '9'.repeat(400)],
  boolean: ['maybe', '2', 'on off'],
  string: [],
};

export function wrongValuesOf(setting: Setting): readonly string[] {
  return [...(MALFORMED[setting.name] ?? []), ...BY_TYPE[setting.type]];
}
