import { createServer, type AddressInfo } from 'node:net';
import { portsFrom, requireFreePort } from './ports.ts';

describe('ports', () => {
  it('refuses a base that would put an app where no browser calls', () => {
    expect(() => portsFrom('10080', 8080, 'SLIPWAY_PORT_BASE')).toThrow(/port 10080/);
    expect(() => portsFrom('10070', 8080, 'SLIPWAY_PORT_BASE')).toThrow(/port 10080/);
  });

  it('counts every port from the base', () => {
    expect(portsFrom('9000', 8080, 'SLIPWAY_PORT_BASE')).toEqual({
      base: 9000,
      variable: 'SLIPWAY_PORT_BASE',
      apps: {
        api: 9000,
        ingest: 9001,
        'context-builder': 9002,
        'job-launcher': 9003,
        'service-deployer': 9004,
        gateway: 9010,
      },
      amqp: 9020,
      erlangDistribution: 9021,
      epmd: 9022,
      s3: 9023,
      kubernetes: 9024,
      etcd: 9025,
      postgres: 9030,
    });
  });

  it('takes the default where nothing is set', () => {
    expect(portsFrom(undefined, 8080, 'X').base).toBe(8080);
    expect(portsFrom('', 8080, 'X').base).toBe(8080);
  });

  it.each(['0', '-1', '80.5', 'abc', '32738', '65000'])('refuses the base %s', (text) => {
    expect(() => portsFrom(text, 8080, 'SLIPWAY_PORT_BASE')).toThrow(
      /SLIPWAY_PORT_BASE is .* from 1 to 32737/,
    );
  });

  it('names a taken port, who needs it, and the variable that moves it', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const ports = portsFrom('9000', 8080, 'SLIPWAY_PORT_BASE');
    await expect(requireFreePort(port, 'RabbitMQ', ports)).rejects.toThrow(
      new RegExp(`Port ${port}, which RabbitMQ needs, .*SLIPWAY_PORT_BASE=9100`),
    );
    await new Promise((resolve) => server.close(resolve));
    await expect(requireFreePort(port, 'RabbitMQ', ports)).resolves.toBeUndefined();
  });
});
