import { brokenAtRest, brokenBy } from './invariants';
import { readState } from './ledger-state';
import type { Action, System } from './system';
import { copyOf, fingerprint } from './world';

/** A state of the whole system, how far was looked ahead from it, and where each step leads. */
interface Node {
  depth: number;
  next: Map<string, string>;
}

export interface Exploration {
  /** Different states of the whole system. */
  states: number;
  /** Steps that were made on the ledger, to explore and to come to rest. */
  steps: number;
  /** Orders in which things can happen, each of them checked. */
  interleavings: number;
  /** Actions that were possible nowhere. */
  neverPossible: string[];
}

/** A rule was broken; the message has the steps that lead there. */
export class RuleBroken extends Error {
  override readonly name = 'RuleBroken';

  constructor(rules: readonly string[], path: readonly string[]) {
    super(`${rules.join('; ')}\n  after: ${path.join(' → ')}`);
  }
}

/**
 * Makes actions in every order, on the real ledger, and checks the rules after every step. What follows on a state does not
 * depend on the way there, so equal states are gone on from once. Where a way ends the system is brought to rest.
 */
export class Explorer {
  private readonly nodes = new Map<string, Node>();
  /** States that are known to come to a good rest. */
  private readonly restful = new Set<string>();
  private steps = 0;

  constructor(
    private readonly actions: readonly Action[],
    private readonly toRest: readonly Action[],
  ) {}

  async explore(empty: System, given: readonly Action[], depth: number): Promise<Exploration> {
    const path: string[] = [];
    let start = empty;
    for (const action of given) {
      path.push(action.name);
      start = await this.make(action, start, path);
    }
    await this.visit(start, depth, path);
    const possible = new Set([...this.nodes.values()].flatMap(({ next }) => [...next.keys()]));
    return {
      states: this.nodes.size,
      steps: this.steps,
      interleavings: this.count(keyOf(start), depth, new Map()),
      neverPossible: this.actions.map(({ name }) => name).filter((name) => !possible.has(name)),
    };
  }

  private async visit(system: System, depth: number, path: readonly string[]): Promise<void> {
    const node = this.nodeOf(system);
    if (node.depth >= depth) return;
    node.depth = depth;
    const possible = depth === 0 ? [] : this.actions.filter((action) => action.possible(system));
    if (possible.length === 0) return this.bringToRest(system, path);
    for (const action of possible) {
      const known = this.nodes.get(node.next.get(action.name) ?? '');
      if (known && known.depth >= depth - 1) continue;
      await system.model.undone(async () => {
        const way = [...path, action.name];
        const after = await this.make(action, system, way);
        node.next.set(action.name, keyOf(after));
        await this.visit(after, depth - 1, way);
      });
    }
  }

  private nodeOf(system: System): Node {
    const key = keyOf(system);
    const node = this.nodes.get(key) ?? { depth: -1, next: new Map<string, string>() };
    this.nodes.set(key, node);
    return node;
  }

  /** Makes one step and checks it. */
  private async make(action: Action, before: System, path: readonly string[]): Promise<System> {
    this.steps += 1;
    const after = { ...before, world: copyOf(before.world) };
    const broken: string[] = [];
    try {
      await before.model.pass(0.001);
      const answer = await action.run(after);
      after.state = await readState(before.ledger);
      broken.push(...brokenBy(before.state, after));
      if (answer === 'nothing' && JSON.stringify(after.state) !== JSON.stringify(before.state))
        broken.push('I5 what is refused or repeated changes nothing');
    } catch (error) {
      broken.push(error instanceof Error ? error.message : String(error));
    }
    if (broken.length > 0) throw new RuleBroken(broken, path);
    return after;
  }

  /** Whoever was in the middle of a step has died; everyone else goes on until nothing is left to do. */
  private async bringToRest(from: System, path: readonly string[]): Promise<void> {
    await from.model.undone(async () => {
      const way = [...path, '(to rest)'];
      const passed = new Set<string>();
      let system: System | undefined = { ...from, world: { ...copyOf(from.world), workers: new Map() } };
      while (system && !this.restful.has(keyOf(system))) {
        if (passed.has(keyOf(system))) throw new RuleBroken(['I1 the system comes to rest'], way);
        passed.add(keyOf(system));
        system = await this.goOn(system, way);
      }
      for (const key of passed) this.restful.add(key);
    });
  }

  /** Makes the first step that changes anything. Undefined where there is none, which must be a good rest. */
  private async goOn(system: System, way: string[]): Promise<System | undefined> {
    let now = system;
    for (const action of this.toRest.filter((candidate) => candidate.possible(system))) {
      now = await this.make(action, now, [...way, action.name]);
      if (keyOf(now) === keyOf(system)) continue;
      way.push(action.name);
      return now;
    }
    const broken = brokenAtRest(now);
    if (broken.length > 0) throw new RuleBroken(broken, way);
    return undefined;
  }

  /** Ways of so many steps from a state, by the steps that were made. */
  private count(key: string, depth: number, known: Map<string, number>): number {
    const { next } = this.nodes.get(key)!;
    if (depth === 0 || next.size === 0) return 1;
    const at = `${depth} ${key}`;
    const counted = known.get(at);
    if (counted !== undefined) return counted;
    const total = [...next.values()].reduce((sum, to) => sum + this.count(to, depth - 1, known), 0);
    known.set(at, total);
    return total;
  }
}

function keyOf({ state, world }: System): string {
  return fingerprint(state, world);
}
