import { parseAllowedSkips, unexplainedSkips } from './allowed-skips.ts';

describe('allowed skips', () => {
  it('leave over what nobody gave a reason for', () => {
    expect(unexplainedSkips(['a', 'b'], [{ test: 'a', reason: 'needs a cluster' }])).toEqual(['b']);
  });

  it.each(['[{"test":"a"}]', '[{"test":"a","reason":" "}]', '[{"reason":"x"}]'])(
    'refuse an entry that says too little: %s',
    (text) => {
      expect(() => parseAllowedSkips(text)).toThrow(/needs a test and a reason/);
    },
  );
});
