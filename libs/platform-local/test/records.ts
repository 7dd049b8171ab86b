import type { JobSpec } from '@slipway/domain';
import type { JobRecord } from '../src/jobs/job-record';

export function aSpec(overrides: Partial<JobSpec> = {}): JobSpec {
  return {
    name: 'build-acme-hello-0123456789',
    buildId: 'build-acme-hello-0123456789',
    attempt: 1,
    tenant: 'acme',
    parser: 'hello',
    identity: 'f'.repeat(64),
    imageUri: 'local/images:hello',
    correlationId: 'c-1',
    builder: 'host',
    container: { command: ['host-build'], environment: {}, memoryBytes: 512 * 1024 ** 2 },
    context: { url: 'file:///none', size: 0, sha256: '0'.repeat(64) },
    timeoutSeconds: 60,
    monitorIntervalSeconds: 1,
    ...overrides,
  };
}

export function aRecord(overrides: Partial<JobRecord> = {}): JobRecord {
  return {
    uid: 'uid-1',
    bootId: 'boot',
    createdAt: 0,
    spec: aSpec(),
    settings: {
      root: '/none',
      nodePath: process.execPath,
      hostBuilderProgram: 'none',
      sidecarProgram: 'none',
      runtimesDir: 'none',
      sidecarAmqpUrl: 'amqp://none',
      builderEnvironment: {},
    },
    ...overrides,
  };
}
