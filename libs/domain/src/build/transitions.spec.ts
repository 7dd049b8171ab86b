import { BUILD_PHASES, BUILD_STATUSES, isTerminal } from './build';
import { TRANSITIONS, allows, type Transition, type TransitionName } from './transitions';

const NAMES = Object.keys(TRANSITIONS) as TransitionName[];

describe('the table of transitions', () => {
  it('lets nothing leave a terminal state', () => {
    for (const status of BUILD_STATUSES.filter(isTerminal)) {
      for (const phase of BUILD_PHASES) {
        expect(NAMES.filter((name) => allows(name, status, phase))).toEqual([]);
      }
    }
  });

  it('ends every build in the phase done, and only there', () => {
    for (const rule of Object.values<Transition>(TRANSITIONS))
      expect(rule.phase === 'done').toBe(isTerminal(rule.to));
  });

  it('gives each move one owner, but for the reuse that two may find', () => {
    const shared = NAMES.filter((name) => TRANSITIONS[name].owners.length > 1);
    expect(shared).toEqual(['reuse']);
  });

  it('lets every live state be cancelled', () => {
    expect(allows('cancel', 'pending', 'accepted')).toBe(true);
    expect(allows('cancel', 'running', 'pushing')).toBe(true);
  });
});
