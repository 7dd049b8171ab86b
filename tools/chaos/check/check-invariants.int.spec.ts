import { checkInvariants } from './check-invariants.ts';
import { INVARIANTS } from './invariants/all.ts';
import { ATTEMPT_SEEDS } from './scene/attempt-seeds.ts';
import { EFFECT_SEEDS } from './scene/effect-seeds.ts';
import { FUNCTION_SEEDS } from './scene/function-seeds.ts';
import { goodScene } from './scene/good-scene.ts';
import { LEFT_OVER_SEEDS } from './scene/left-over-seeds.ts';
import type { Scene } from './scene/scene.ts';
import { SECRET_SEEDS } from './scene/secret-seeds.ts';
import type { Seed } from './scene/seed.ts';
import { START_SEEDS } from './scene/start-seeds.ts';
import { TENANT_SEEDS } from './scene/tenant-seeds.ts';

const SEEDS: readonly Seed[] = [
  ...START_SEEDS,
  ...ATTEMPT_SEEDS,
  ...FUNCTION_SEEDS,
  ...EFFECT_SEEDS,
  ...LEFT_OVER_SEEDS,
  ...SECRET_SEEDS,
  ...TENANT_SEEDS,
];

describe('the check of the invariants', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await goodScene();
  });
  afterAll(() => scene.close());
  beforeEach(() => scene.begin());
  afterEach(() => scene.undo());

  it('finds nothing wrong with a system that does all it should', async () => {
    expect(await checkInvariants(scene.traces, scene.observed, scene.queues)).toEqual([]);
  });

  it('finds nothing wrong with events that came many times', async () => {
    const { events } = scene.observed;
    for (const copies = [...events]; events.length < 12_000;) events.push(...copies);
    expect(await scene.check()).toEqual([]);
  });

  it.each(SEEDS)('finds where it is not so that $rule: $found', async ({ rule, found, buildId, sow }) => {
    await sow(scene);
    const { invariant } = INVARIANTS.find(({ holds }) => holds === rule)!;
    const breaks = (await scene.check()).filter(({ message }) => message.startsWith(`${rule}: `));
    const message = expect.stringContaining(found) as string;
    expect(breaks).toContainEqual(
      buildId === undefined ? { invariant, message } : { invariant, buildId, message },
    );
  });

  it('lists a hundred breaks of a rule and says that there are more', async () => {
    const [start] = scene.observed.starts;
    for (let n = 0; n < 150; n += 1) scene.observed.starts.push({ ...start!, id: `lost-${n}` });
    const lost = (await scene.check()).filter(({ message }) => message.includes('has a build: '));
    expect(lost).toHaveLength(101);
    expect(lost.at(-1)!.message).toContain('and more than these 100');
  });

  it('refuses a state folder that is none and a secret that is in every text', async () => {
    const { traces, observed } = scene;
    await expect(checkInvariants({ ...traces, stateDir: '/nowhere' }, observed)).rejects.toThrow('/nowhere');
    await expect(checkInvariants({ ...traces, secrets: ['x', ''] }, observed)).rejects.toThrow(
      'The secret 2',
    );
  });
});

describe('the seeds', () => {
  it('break every rule, and the rules are of all ten invariants', () => {
    expect(new Set(SEEDS.map(({ rule }) => rule))).toEqual(new Set(INVARIANTS.map(({ holds }) => holds)));
    expect(new Set(INVARIANTS.map(({ invariant }) => invariant)).size).toBe(10);
  });
});
