import { QUEUES } from '@slipway/contracts';
import type { AttemptReport, Ledger } from '@slipway/ledger';
import { ReceiveReportConsumer } from './receive-report.consumer';

/** What the ledger is told of a report that says the builder failed with this cause. */
async function reported(cause: object): Promise<AttemptReport> {
  const seen: AttemptReport[] = [];
  const attempts = {
    report: async (_inbox: object, claim: { report: AttemptReport }) => {
      seen.push(claim.report);
      return 'recorded';
    },
  };
  const ledger = { attempts } as unknown as Ledger;
  const consumer = new ReceiveReportConsumer(ledger, jest.fn(), jest.fn());
  const { handler } = consumer.consumptions.find(({ queue }) => queue === QUEUES.buildReports)!;
  const data = { third_party_id: 'acme', parser_id: 'greet', build_id: 'b', attempt: 1, job_uid: 'u' };
  const verdict = await handler({
    event: {
      id: '1',
      source: 'network.notifi.builder',
      type: 'network.notifi.lambda.build.failed',
      specversion: '1.0',
      extensions: {},
      data: { ...data, status: 'failed', error_message: 'it broke', cause },
    },
    type: 'build.failed',
    redelivered: false,
    queue: QUEUES.buildReports.name,
  });
  expect(verdict).toBe('done');
  return seen[0]!;
}

describe('the cause that a sidecar reports', () => {
  it('is kept where the catalogue has its code, with the hint of the catalogue', async () => {
    const { cause } = await reported({ code: 'oom', message: 'out of memory', hint: 'spoofed' });
    expect(cause).toMatchObject({ code: 'oom', message: 'out of memory' });
    expect(cause?.hint).not.toBe('spoofed');
  });

  it.each([
    ['a code that nobody knows', { code: 'gone', message: 'x' }],
    ['a name that every object has', { code: 'toString', message: 'x' }],
    ['a code that is no text', { code: { toString: 1 }, message: 'x' }],
    ['a message that is no text', { code: 'oom', message: 5 }],
    ['nothing', {}],
  ])('is a crash of the builder where it is %s', async (_what, cause) => {
    expect((await reported(cause)).cause).toMatchObject({ code: 'builder_crashed', message: 'it broke' });
  });
});
