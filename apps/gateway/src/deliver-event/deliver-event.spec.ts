import { DEFAULT_NAMING, type CloudEvent } from '@slipway/contracts';
import { triggersOf } from '@slipway/domain';
import { hopsOf, targetsOf, type Subscriber } from './deliver-event';

const TYPES = { prefix: DEFAULT_NAMING.typePrefix, sourcePrefix: DEFAULT_NAMING.sourcePrefix };

function subscriber(
  tenant: string,
  parser: string,
  triggers = triggersOf({ tenant, parser }, {}, TYPES),
): Subscriber {
  return { service: `lambda-${tenant}-${parser}`, tenant, parser, triggers };
}

function event(change: Partial<CloudEvent>): CloudEvent {
  return {
    id: '1',
    source: 'network.notifi.acme',
    type: 'network.notifi.lambda.parser.start',
    specversion: '1.0',
    subject: 'greet',
    extensions: {},
    ...change,
  };
}

const services = (incoming: CloudEvent, subscribers: Subscriber[]): string[] =>
  targetsOf(incoming, subscribers, DEFAULT_NAMING).map((target) => target.service);

describe('the functions that an event goes to', () => {
  const greet = subscriber('acme', 'greet');
  const greedy = subscriber('evil', 'all', [{ type: 'network.notifi.lambda.parser.start' }]);

  it('are those whose filters match', () => {
    expect(services(event({}), [greet, subscriber('acme', 'other')])).toEqual(['lambda-acme-greet']);
  });

  it("never are another tenant's, whatever its filters ask for", () => {
    expect(services(event({}), [greet, greedy])).toEqual(['lambda-acme-greet']);
    const fact = event({ source: 'network.notifi.builder', subject: 'build/acme/greet', type: 'x' });
    expect(services(fact, [subscriber('evil', 'all', [{ type: 'x' }])])).toEqual([]);
    expect(services(fact, [subscriber('acme', 'all', [{ type: 'x' }])])).toEqual(['lambda-acme-all']);
  });

  it('may be of any tenant for events from outside', () => {
    const outside = event({ source: '/orders', type: 'com.example.order' });
    expect(services(outside, [subscriber('acme', 'o', [{ type: 'com.example.order' }])])).toHaveLength(1);
  });

  it('are matched by extensions too', () => {
    const regional = subscriber('acme', 'r', [{ type: 'x', filters: { region: 'eu' } }]);
    expect(services(event({ type: 'x', extensions: { region: 'eu' } }), [regional])).toHaveLength(1);
    expect(services(event({ type: 'x' }), [regional])).toHaveLength(0);
  });
});

describe('the hops of an event', () => {
  it.each([
    [{}, 0],
    [{ slipwayhops: '3' }, 3],
    [{ slipwayhops: 'many' }, 0],
  ])('in %j are %d', (extensions, hops) => {
    expect(hopsOf(event({ extensions: extensions as Record<string, string> }))).toBe(hops);
  });
});
