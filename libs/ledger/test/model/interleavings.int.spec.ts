import { Explorer, type Exploration } from './explorer';
import { modelLedger, type ModelLedger } from './model-ledger';
import { SCENES, TO_REST } from './scenes';
import { emptySystem } from './system';

const DEPTH = 8;
/** Thousands of steps on a slow machine; a hang, not a limit of the ledger. */
const MAX_MS = 600_000;

describe(`two builds of a function, every interleaving of ${DEPTH} steps`, () => {
  const explored: (Exploration & { scene: string })[] = [];
  let model: ModelLedger;
  beforeEach(async () => {
    model = await modelLedger();
  });
  afterEach(() => model.close());
  afterAll(() => {
    const table = explored.map(
      ({ scene, states, steps, interleavings }) =>
        `${scene.padEnd(30)} ${states} states, ${steps} steps made, ${interleavings.toLocaleString('en')} interleavings\n`,
    );
    process.stdout.write(table.join(''));
  });

  it.each(SCENES)(
    'keeps every rule: $name',
    async ({ name, given, actions, ...settings }) => {
      const found = await new Explorer(actions, TO_REST).explore(
        await emptySystem(model, settings),
        given,
        DEPTH,
      );
      explored.push({ scene: name, ...found });
      expect(found.neverPossible).toEqual([]);
    },
    MAX_MS,
  );
});
