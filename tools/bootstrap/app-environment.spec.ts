import { addressesFor, appEnvironment } from './app-environment.ts';
import { portsFrom } from './ports.ts';

describe("an app's environment", () => {
  const ports = portsFrom('8080', 8080, 'SLIPWAY_PORT_BASE');
  const addresses = {
    amqp: 'amqp://a',
    sidecarAmqp: 'amqp://s',
    database: 'postgresql://d',
    ...addressesFor(ports),
  };
  const state = { platform: '/state/platform', objects: '/state/objects' };
  const environment = (env: NodeJS.ProcessEnv) => appEnvironment('gateway', { env, ports, state }, addresses);

  it('names the servers, the port and the addresses of the others', () => {
    expect(environment({})).toMatchObject({
      AMQP_URL: 'amqp://a',
      SIDECAR_AMQP_URL: 'amqp://s',
      DATABASE_URL: 'postgresql://d',
      HOST: '127.0.0.1',
      PORT: '8090',
      API_URL: 'http://127.0.0.1:8080',
      OBJECT_STORE_URL: 'file:///state/objects',
    });
  });

  it.each([
    'PATH',
    'SLIPWAY_MODE',
    'SOURCE_HTTP_HOSTS',
    'MAX_PENDING',
    'OTEL_SERVICE_NAME',
    'npm_config_registry',
    'GOPROXY',
    'https_proxy',
  ])('passes %s on', (name) => {
    expect(environment({ [name]: 'kept' })[name]).toBe('kept');
  });

  it.each([
    'AWS_SECRET_ACCESS_KEY',
    'GOOGLE_APPLICATION_CREDENTIALS',
    'GITHUB_TOKEN',
    'NODE_OPTIONS',
    'SLIPWAY_STATE_DIR',
  ])('keeps %s back', (name) => {
    expect(environment({ [name]: 'hidden' })).not.toHaveProperty(name);
  });

  it("does not let the caller's environment move our own addresses", () => {
    expect(environment({ PORT: '1', SLIPWAY_PLATFORM: 'kubernetes' })).toMatchObject({
      PORT: '8090',
      SLIPWAY_PLATFORM: 'local',
    });
  });
});
