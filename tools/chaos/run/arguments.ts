import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Refusal } from '../../bootstrap/refusal.ts';

/** What a program of this folder was told, read with its usage at hand. Everything throws a Refusal with the usage. */
export class Arguments<Name extends string> {
  private readonly usage: string;
  private readonly values: Partial<Record<Name, string | boolean>>;

  /** `texts` are options with a value, `switches` those without one. */
  constructor(
    args: readonly string[],
    usage: string,
    texts: readonly Name[],
    switches: readonly Name[] = [],
  ) {
    this.usage = usage;
    const options = Object.fromEntries([
      ...texts.map((name) => [name, { type: 'string' as const }]),
      ...switches.map((name) => [name, { type: 'boolean' as const }]),
    ]);
    try {
      this.values = parseArgs({ args: [...args], options }).values as typeof this.values;
    } catch (error) {
      throw this.refusal((error as Error).message.split('. ')[0]!);
    }
  }

  isOn(name: Name): boolean {
    return this.values[name] === true;
  }

  /** The text that the run follows from; a new one where none is given. */
  seed(name: Name): string {
    return this.text(name) ?? randomBytes(4).toString('hex');
  }

  positive(name: Name, fallback: number): number {
    const text = this.text(name) ?? String(fallback);
    const value = Number(text);
    if (Number.isFinite(value) && value > 0) return value;
    throw this.refusal(`--${name} is ${text}, but it has to be a number above 0`);
  }

  whole(name: Name, fallback: number): number {
    const value = this.positive(name, fallback);
    if (Number.isInteger(value)) return value;
    throw this.refusal(`--${name} is ${value}, but it has to be a whole number`);
  }

  private text(name: Name): string | undefined {
    return this.values[name] as string | undefined;
  }

  private refusal(sentence: string): Refusal {
    return new Refusal(`${sentence}. Usage: ${this.usage}`, 2);
  }
}
