import { matches, triggersOf } from './function';

const TYPES = { prefix: 'network.notifi.lambda.', sourcePrefix: 'network.notifi.' };
const START = { type: 'network.notifi.lambda.parser.start', source: 'network.notifi.acme', subject: 'greet' };

describe("a function's triggers", () => {
  it('take the parser.start events of the function itself unless others are asked for', () => {
    const [trigger] = triggersOf({ tenant: 'acme', parser: 'greet' }, {}, TYPES);
    expect(matches(trigger!, START)).toBe(true);
    expect(matches(trigger!, { ...START, subject: 'other' })).toBe(false);
    expect(matches(trigger!, { ...START, source: 'network.notifi.other' })).toBe(false);
  });

  it('match an attribute only when it is equal', () => {
    const trigger = { type: 'com.example.order', filters: { region: 'eu' } };
    expect(matches(trigger, { type: 'com.example.order', region: 'eu' })).toBe(true);
    expect(matches(trigger, { type: 'com.example.order', region: 'eu-west' })).toBe(false);
    expect(matches(trigger, { type: 'com.example.order' })).toBe(false);
  });
});
