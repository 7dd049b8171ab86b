import { armFaultPoints, reach } from '@slipway/domain';
import { FAULT_PLAN, armFaultPlan } from './fault-plan';

describe('a fault plan', () => {
  afterEach(() => armFaultPoints(undefined));

  it('sends the signal at the passing that it names, and at no other', () => {
    const sent: string[] = [];
    armFaultPlan('kill@ledger.before-commit:2,freeze@ledger.after-commit:1', (name) => sent.push(name));
    reach('ledger.before-commit');
    expect(sent).toEqual([]);
    reach('ledger.before-commit');
    reach('ledger.before-commit');
    reach('ledger.after-commit');
    reach('relay.after-publish-before-mark');
    expect(sent).toEqual(['SIGKILL', 'SIGSTOP']);
  });

  it('leaves the points inert where there is none', () => {
    expect(() => reach('ledger.before-commit')).not.toThrow();
  });

  it.each([
    ['kill@ledger.before-commit:1', true],
    ['kill@ledger.before-commit:1,freeze@relay.after-publish-before-mark:20', true],
    ['kill@nowhere:1', false],
    ['crash@ledger.before-commit:1', false],
    ['kill@ledger.before-commit:0', false],
    ['kill@ledger.before-commit', false],
    ['kill@ledger.before-commit:1,', false],
  ])('%s is one: %s', (text, valid) => {
    expect(FAULT_PLAN.test(text)).toBe(valid);
  });
});
