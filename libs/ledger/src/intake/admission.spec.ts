import { Admission } from './admission';

function admission(pending: () => Record<string, number>) {
  let now = 0;
  let counted = 0;
  const subject = new Admission(
    async () => {
      counted += 1;
      return new Map(Object.entries(pending()));
    },
    { perTenant: 3, total: 5 },
    () => now,
  );
  return { subject, pass: (ms: number) => (now += ms), counted: () => counted };
}

const accept = async (): Promise<string> => 'accepted';

describe('admission', () => {
  it('refuses a tenant at its own limit and everybody at the common one', async () => {
    const own = admission(() => ({ acme: 3 })).subject;
    await expect(own.ofRequest('acme', accept)).rejects.toMatchObject({
      code: 'queue_full',
      retryAfterSeconds: 10,
    });
    await expect(own.ofRequest('other', accept)).resolves.toBe('accepted');
    const common = admission(() => ({ a: 2, b: 2, c: 1 })).subject;
    await expect(common.ofRequest('acme', accept)).rejects.toMatchObject({ code: 'queue_full' });
  });

  it('holds messages back at the common limit alone', async () => {
    await expect(admission(() => ({ acme: 4 })).subject.ofMessage(accept)).resolves.toBe('accepted');
    await expect(admission(() => ({ acme: 5 })).subject.ofMessage(accept)).rejects.toMatchObject({
      code: 'queue_full',
    });
  });

  it('counts in the ledger once a second and by itself in between', async () => {
    const { subject, pass, counted } = admission(() => ({ acme: 1 }));
    await Promise.all([subject.ofRequest('acme', accept), subject.ofRequest('acme', accept)]);
    subject.taken('acme');
    subject.taken('acme');
    await expect(subject.ofRequest('acme', accept)).rejects.toMatchObject({ code: 'queue_full' });
    expect(counted()).toBe(1);
    pass(1_000);
    await expect(subject.ofRequest('acme', accept)).resolves.toBe('accepted');
    expect(counted()).toBe(2);
  });

  it('holds the places of those that are being accepted, and gives back those of the refused', async () => {
    const { subject } = admission(() => ({ acme: 3 }));
    let refuse: (error: Error) => void = () => undefined;
    const answer = new Promise<string>((_resolve, reject) => (refuse = reject));
    const two = [1, 2].map(() => subject.ofMessage(() => answer));
    await expect(subject.ofMessage(accept)).rejects.toMatchObject({ code: 'queue_full' });
    refuse(new Error('of no use'));
    await Promise.allSettled(two);
    await expect(subject.ofMessage(accept)).resolves.toBe('accepted');
  });

  it('holds the places of a tenant too', async () => {
    const { subject } = admission(() => ({ acme: 1 }));
    const answers = [1, 2, 3].map(() => subject.ofRequest('acme', () => new Promise(setImmediate)));
    const settled = await Promise.allSettled(answers);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    await expect(subject.ofRequest('acme', accept)).resolves.toBe('accepted');
  });

  it('says when there is room again, also past a ledger that is away for a while', async () => {
    const answers = [
      () => ({ acme: 9 }),
      () => {
        throw Object.assign(new Error('away'), { code: '57P03' });
      },
      () => ({ acme: 4 }),
    ];
    let now = 0;
    const subject = new Admission(
      async () => new Map(Object.entries(answers.shift()!())),
      { perTenant: 3, total: 5 },
      () => (now += 1_000),
    );
    await expect(subject.room()).resolves.toBeUndefined();
    expect(answers).toEqual([]);
  });
});
