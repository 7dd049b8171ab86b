import { createHash, randomBytes } from 'node:crypto';
import type { Secrets } from './secrets.ts';

/** RabbitMQ's own form of a password: base64 of a 4 byte salt and SHA-256 over salt and password. */
export function brokerPasswordHash(password: string, salt: Buffer = randomBytes(4)): string {
  const digest = createHash('sha256').update(salt).update(password, 'utf8').digest();
  return Buffer.concat([salt, digest]).toString('base64');
}

/** The definitions that the broker loads at each start: one vhost and two users, of whom a sidecar's may only report. */
export function brokerDefinitions(secrets: Secrets): object {
  const user = (name: string, password: string) => ({
    name,
    password_hash: brokerPasswordHash(password),
    hashing_algorithm: 'rabbit_password_hashing_sha256',
    tags: [],
  });
  return {
    users: [user('slipway', secrets.broker), user('slipway-sidecar', secrets.sidecar)],
    vhosts: [{ name: '/' }],
    permissions: [
      { user: 'slipway', vhost: '/', configure: '.*', write: '.*', read: '.*' },
      { user: 'slipway-sidecar', vhost: '/', configure: '^$', write: '^build-reports$', read: '^$' },
    ],
  };
}

/** rabbitmq.conf. `listen` is an address with its port. */
export function brokerConfiguration(listen: string, definitions: string): string {
  return [
    `listeners.tcp.1 = ${listen}`,
    `load_definitions = ${definitions}`,
    'log.console = true',
    'log.console.level = info',
    'log.file = false',
    // The write-ahead log of quorum queues is allocated in full; the default is half a gigabyte.
    'raft.wal_max_size_bytes = 67108864',
    'disk_free_limit.absolute = 200MB',
    '',
  ].join('\n');
}
