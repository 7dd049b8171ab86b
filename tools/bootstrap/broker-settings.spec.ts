import { brokerConfiguration, brokerDefinitions, brokerPasswordHash } from './broker-settings.ts';

describe("the broker's settings", () => {
  it("hash a password as RabbitMQ's documentation shows it", () => {
    // The worked example of rabbitmq.com/docs/passwords: salt 908DC60A, password test12.
    expect(brokerPasswordHash('test12', Buffer.from('908DC60A', 'hex'))).toBe(
      'kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR',
    );
  });

  it('let a sidecar write its reports and nothing else', () => {
    const definitions = brokerDefinitions({ database: 'd', broker: 'b', sidecar: 's', cookie: 'c' });
    expect(definitions).toMatchObject({
      permissions: expect.arrayContaining([
        { user: 'slipway-sidecar', vhost: '/', configure: '^$', write: '^build-reports$', read: '^$' },
      ]),
    });
  });

  it('hold no password in clear text', () => {
    const secrets = { database: 'd-secret', broker: 'b-secret', sidecar: 's-secret', cookie: 'c-secret' };
    expect(JSON.stringify(brokerDefinitions(secrets))).not.toContain('secret');
  });

  it('listen at the given address only', () => {
    const listeners = brokerConfiguration('127.0.0.1:8100', '/x/definitions.json').match(/^listeners.*$/gm);
    expect(listeners).toEqual(['listeners.tcp.1 = 127.0.0.1:8100']);
  });
});
