import { acceptRequest, startEvent } from './given';
import { testLedger, type TestLedger } from './test-ledger';

describe('start events that come together', () => {
  let given: TestLedger;
  beforeAll(async () => {
    given = await testLedger();
  });
  afterAll(() => given.close());

  it('are refused where two functions use one id', async () => {
    for (let n = 0; n < 10; n += 1) {
      const both = ['one', 'two'].map((name) => {
        const parser = `${name}-${n}`;
        const event = startEvent({ id: `same-${n}`, subject: parser });
        return given.ledger.acceptBuild(acceptRequest({ parser, event }));
      });
      const [first, second] = await Promise.allSettled(both);
      const accepted = [first, second].filter((each) => each?.status === 'fulfilled');
      const refused = [first, second].find((each) => each?.status === 'rejected') as PromiseRejectedResult;
      expect(accepted).toHaveLength(1);
      expect(refused.reason).toMatchObject({ code: 'event_id_reused' });
    }
  });

  it('are all accepted though each carries a source of almost 1 MiB', async () => {
    // Quotes and backslashes, which have to be escaped on their way.
    const code = `console.log("\\\\");\n`.repeat(50_000);
    const all = Array.from({ length: 60 }, (_, n) =>
      given.ledger.acceptBuild(
        acceptRequest({
          parser: `large-${n}`,
          request: { code },
          source: { kind: 'inline', files: { 'parser.js': code } },
        }),
      ),
    );
    const builds = await Promise.all(all);
    expect(builds.every(({ build }) => build.request.code === code)).toBe(true);
  });
});
