import { Random } from '../lib/random.ts';
import { wishes, type PlanOptions } from './plan.ts';
import type { Command, Wish } from './wish.ts';

const OPTIONS: PlanOptions = { builds: 2_000, ratePerSecond: 10, tenants: 3, objects: true };

function plan(seed: string, change: Partial<PlanOptions> = {}): Wish[] {
  return [...wishes(new Random(seed), { ...OPTIONS, ...change })];
}

/** The commands that start a build for the first time. */
function startsOf(wish: Wish): Command[] {
  if (wish.kind === 'batch') return wish.commands;
  return wish.kind === 'start' || wish.kind === 'rebuild' ? [wish.command] : [];
}

function sourcesOf(list: Wish[]): { kind: string; files?: Record<string, string>; key?: string }[] {
  const starts = list.filter(({ kind }) => kind !== 'rebuild').flatMap(startsOf);
  return starts.map(({ data }) => (data['source'] as { kind: string } | undefined) ?? { kind: 'none' });
}

describe('the plan of the traffic', () => {
  const whole = plan('seed');
  const starts = whole.flatMap(startsOf);
  const byId = new Map(starts.map((command) => [command.id, command]));

  it('follows from the seed alone', () => {
    const used = new Random('seed');
    used.next();
    expect([...wishes(used, OPTIONS)]).toEqual(whole);
    expect(plan('another seed')).not.toEqual(whole);
  });

  it('has as many start events as were asked for, each with its own id', () => {
    expect(starts).toHaveLength(OPTIONS.builds);
    expect(byId.size).toBe(OPTIONS.builds);
  });

  it('keeps to the rate on average, in the order of time', () => {
    const times = whole.map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const perSecond = OPTIONS.builds / (times.at(-1)! / 1000);
    expect(perSecond).toBeGreaterThan(0.9 * OPTIONS.ratePerSecond);
    expect(perSecond).toBeLessThan(1.1 * OPTIONS.ratePerSecond);
  });

  it('has every kind of wish, each through every door that it has', () => {
    const seen = new Set(whole.map((wish) => `${wish.kind} ${'door' in wish ? wish.door : ''}`.trim()));
    const doors = ['amqp-binary', 'amqp-structured', 'http-binary', 'http-structured'];
    const commands = ['start', 'repeat', 'conflict', 'rebuild', 'update', 'delete', 'call'];
    const expected = commands.flatMap((kind) => doors.map((door) => `${kind} ${door}`));
    expect([...seen].sort()).toEqual([...expected, 'batch', 'cancel', 'read', 'request'].sort());
  });

  it('lets a wish wait only for a start that goes over HTTP and comes before it', () => {
    const answered = new Set<string>();
    for (const wish of whole) {
      if ('of' in wish && wish.of !== undefined) expect(answered).toContain(wish.of);
      if (wish.kind === 'batch' || (wish.kind === 'start' && wish.door.startsWith('http-')))
        for (const { id } of startsOf(wish)) answered.add(id);
    }
  });

  it('repeats a start event unchanged, and conflicts with one in its data only', () => {
    for (const wish of whole) {
      if (wish.kind === 'repeat') expect(wish.command).toEqual(byId.get(wish.command.id));
      if (wish.kind !== 'conflict') continue;
      const earlier = byId.get(wish.of)!;
      expect({ ...wish.command, data: earlier.data }).toEqual(earlier);
      expect(wish.command.data).not.toEqual(earlier.data);
    }
  });

  it('has new content in about three of ten builds, and shares none between tenants', () => {
    const owners = new Map<string, Set<string>>();
    let builds = 0;
    for (const { source, data } of whole.filter(({ kind }) => kind !== 'rebuild').flatMap(startsOf)) {
      const files = (data['source'] as { files?: object } | undefined)?.files;
      if (!files) continue;
      builds += 1;
      const content = JSON.stringify(files);
      owners.set(content, (owners.get(content) ?? new Set<string>()).add(source));
    }
    expect(owners.size / builds).toBeGreaterThan(0.25);
    expect(owners.size / builds).toBeLessThan(0.37);
    expect([...owners.values()].filter(({ size }) => size > 1)).toEqual([]);
  });

  it('has a dependency in about one of twenty builds, and a few that must fail', () => {
    const sources = sourcesOf(whole);
    const share = sources.filter(({ files }) => files?.['package.json']).length / sources.length;
    expect(share).toBeGreaterThan(0.03);
    expect(share).toBeLessThan(0.07);
    expect(sources.some(({ kind }) => kind === 'none')).toBe(true);
    expect(sources.some(({ key }) => key?.endsWith('-none'))).toBe(true);
  });

  it('names no object that is not uploaded before, save where the build must fail', () => {
    const uploaded = new Set<string>();
    for (const wish of whole) {
      if (wish.kind !== 'start' && wish.kind !== 'batch') continue;
      for (const { key } of wish.uploads) uploaded.add(key);
      for (const { key } of sourcesOf([wish]))
        expect(key === undefined || uploaded.has(key) || key.endsWith('-none')).toBe(true);
    }
    expect(uploaded.size).toBeGreaterThan(0);
  });

  it('sends every source inline where there is no object store', () => {
    const keys = sourcesOf(plan('seed', { objects: false })).flatMap(({ key }) => key ?? []);
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.filter((key) => !key.endsWith('-none'))).toEqual([]);
  });

  it('cancels builds by each way, within three seconds of their start', () => {
    const cancels = whole.flatMap((wish) => (wish.kind === 'cancel' ? [wish] : []));
    const ways = new Set(cancels.map(({ event }) => (event ? `event, whole: ${event.whole}` : 'rest')));
    expect([...ways].sort()).toEqual(['event, whole: false', 'event, whole: true', 'rest']);
    expect(cancels.every(({ delay }) => delay >= 0 && delay <= 3_000)).toBe(true);
  });
});
