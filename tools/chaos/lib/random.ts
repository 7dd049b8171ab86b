import { createHash } from 'node:crypto';

/** Numbers that look random and follow from their seed alone, so that a run can be done again. */
export class Random {
  private readonly seed: string;
  private state: number;

  constructor(seed: string) {
    this.seed = seed;
    this.state = createHash('sha256').update(seed).digest().readUInt32BE(0);
  }

  /** From 0 to below 1. Mulberry32. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  /** One of the keys, each as often as its weight says. */
  weighted<Key extends string>(weights: Record<Key, number>): Key {
    const entries = Object.entries(weights) as [Key, number][];
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [key, weight] of entries) {
      left -= weight;
      if (left < 0) return key;
    }
    return entries.at(-1)![0];
  }

  /** A stream of its own for one part of a run: what one part draws does not shift what another one draws. */
  fork(name: string): Random {
    return new Random(`${this.seed}/${name}`);
  }
}
