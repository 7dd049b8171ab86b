import type { Purpose } from './context.ts';

/** The server's settings as `-c name=value`: small enough for a laptop, and no door but one TCP port on loopback. */
export function postgresArguments(purpose: Purpose, data: string, port: number): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    // No socket file: the path of a state folder may be longer than a socket's may be (107 bytes).
    unix_socket_directories: '',
    shared_buffers: '64MB',
    max_connections: '200',
    max_wal_size: '256MB',
    jit: 'off',
    log_timezone: 'UTC',
    timezone: 'UTC',
  };
  // The tests' data is thrown away; it need not survive a power cut.
  if (purpose === 'test')
    Object.assign(settings, { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' });
  return ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
