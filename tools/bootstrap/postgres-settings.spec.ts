import { postgresArguments } from './postgres-settings.ts';

describe("PostgreSQL's settings", () => {
  it('open one TCP port on loopback and no socket file', () => {
    const args = postgresArguments('start', '/data', 8110);
    expect(args).toEqual(
      expect.arrayContaining(['listen_addresses=127.0.0.1', 'port=8110', 'unix_socket_directories=']),
    );
  });

  it('give up durability for the tests alone', () => {
    expect(postgresArguments('test', '/data', 1)).toContain('fsync=off');
    expect(postgresArguments('start', '/data', 1)).not.toContain('fsync=off');
  });
});
