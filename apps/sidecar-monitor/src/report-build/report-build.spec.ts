import { hostBuilder } from '@slipway/builders';
import type { CloudEvent } from '@slipway/contracts';
import { BuildObserver, type ContainerEnd } from '@slipway/domain';
import { FixedClock } from '@slipway/testing';
import { ReportBuild } from './report-build';

const WATCHED = {
  buildId: 'build-a',
  attempt: 2,
  jobName: 'build-a-2',
  jobUid: 'uid-1',
  tenant: 'acme',
  parser: 'greet',
  imageUri: 'r/i:t',
  contentHash: 'c'.repeat(64),
  correlationId: 'corr',
  typePrefix: 'network.notifi.lambda.',
  sourcePrefix: 'network.notifi.',
};

class Observed extends BuildObserver {
  looks = 0;
  constructor(
    private readonly endsAfter: number,
    private readonly end: ContainerEnd,
  ) {
    super();
  }
  async observe(): Promise<ContainerEnd | undefined> {
    this.looks += 1;
    return this.looks > this.endsAfter ? this.end : undefined;
  }
}

describe('the sidecar', () => {
  const clock = new FixedClock(0);
  const good: ContainerEnd = { exitCode: 0, digest: `sha256:${'d'.repeat(64)}`, head: [], tail: [] };

  function reporting(observer: BuildObserver, published: CloudEvent[], failures = 0): ReportBuild {
    let left = failures;
    return new ReportBuild(WATCHED, {
      observer,
      builder: hostBuilder,
      publish: async (event) => {
        left -= 1;
        if (left >= 0) throw new Error('broker away');
        published.push(event);
      },
      pause: async (ms) => clock.advance(ms),
      now: () => clock.now(),
      intervalMs: 1_000,
      graceMs: 10_000,
    });
  }

  it('reports once how the builder ended, under an id of the Job and the outcome', async () => {
    const published: CloudEvent[] = [];
    expect(await reporting(new Observed(3, good), published).execute(new AbortController().signal)).toBe(
      true,
    );
    expect(published).toHaveLength(1);
    expect(published[0]).toMatchObject({
      id: 'uid-1/success',
      type: 'network.notifi.lambda.build.complete',
      data: {
        build_id: 'build-a',
        attempt: 2,
        job_uid: 'uid-1',
        image_digest: good.digest,
        status: 'success',
      },
    });
  });

  it('says why a builder failed', async () => {
    const published: CloudEvent[] = [];
    const end = { ...good, exitCode: undefined, digest: undefined, reason: 'deadline' as const };
    await reporting(new Observed(0, end), published).execute(new AbortController().signal);
    expect(published[0]).toMatchObject({
      id: 'uid-1/timeout',
      data: { status: 'timeout', cause: { code: 'deadline' } },
    });
  });

  it('tries again while the broker is away, and gives up after its time', async () => {
    const published: CloudEvent[] = [];
    expect(await reporting(new Observed(0, good), published, 3).execute(new AbortController().signal)).toBe(
      true,
    );
    await expect(
      reporting(new Observed(0, good), [], 100).execute(new AbortController().signal),
    ).rejects.toThrow('away');
  });

  it('goes on watching for a while after it was told to stop', async () => {
    const stopping = new AbortController();
    stopping.abort();
    const published: CloudEvent[] = [];
    expect(await reporting(new Observed(5, good), published).execute(stopping.signal)).toBe(true);
    expect(await reporting(new Observed(1_000, good), []).execute(stopping.signal)).toBe(false);
  });
});
