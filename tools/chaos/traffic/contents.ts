import type { Random } from '../lib/random.ts';
import { MIX, NEW_CONTENT } from './mix.ts';
import type { Upload } from './wish.ts';

type Recipe = 'plain' | 'dependency' | 'crash';

/** What a start event says of its source, and what has to be in the object store for it. */
export interface DrawnSource {
  data: Record<string, unknown>;
  uploads: Upload[];
}

/** `said` begins with the tenant, so that an answer shows whose code gave it. */
function filesOf(recipe: Recipe, said: string): Record<string, string> {
  const text = JSON.stringify(said);
  switch (recipe) {
    case 'plain':
      return { 'index.js': `module.exports = async () => ({ said: ${text} });\n` };
    case 'dependency':
      return {
        'index.js': `const ms = require('ms');\nmodule.exports = async () => ({ said: ${text}, hour: ms('1h') });\n`,
        'package.json': JSON.stringify({ name: 'f', version: '1.0.0', dependencies: { ms: '2.1.3' } }),
      };
    case 'crash':
      // A bracket is missing: it is built, and ends with a SyntaxError when it is started.
      return { 'index.js': `module.exports = async () => ({ said: ${text} };\n` };
  }
}

/** Draws sources: some new, the rest again what the same tenant has sent before, under whatever function. */
export class Contents {
  private readonly random: Random;
  private readonly options: { run: string; objects: boolean };
  /** How many contents there are, by tenant and recipe. */
  private readonly made = new Map<string, number>();

  constructor(random: Random, options: { run: string; objects: boolean }) {
    this.random = random;
    this.options = options;
  }

  draw(tenant: string): DrawnSource {
    const kind = this.random.weighted(MIX.sources);
    switch (kind) {
      case 'inline':
      case 'object':
        return this.plain(tenant, kind === 'object' && this.options.objects);
      case 'dependency':
      case 'crash':
        return inline(filesOf(kind, `${tenant} ${this.name(tenant, kind)}`));
      case 'missing':
        // No source named means the function's default key, and nothing is ever uploaded there.
        return { data: {}, uploads: [] };
      case 'unknown-key':
        return object(`tenants/${tenant}/${this.options.run}-none`);
    }
  }

  /** The same content may come inline and from the object store: it is one content to the system. */
  private plain(tenant: string, fromObjects: boolean): DrawnSource {
    const name = this.name(tenant, 'plain');
    const files = filesOf('plain', `${tenant} ${name}`);
    const key = `tenants/${tenant}/${name}`;
    return fromObjects ? object(key, { key, files }) : inline(files);
  }

  private name(tenant: string, recipe: Recipe): string {
    const pool = `${tenant}/${recipe}`;
    const made = this.made.get(pool) ?? 0;
    const isNew = made === 0 || this.random.next() < NEW_CONTENT;
    if (isNew) this.made.set(pool, made + 1);
    return `${this.options.run}-${recipe}-${isNew ? made : this.random.below(made)}`;
  }
}

function inline(files: Record<string, string>): DrawnSource {
  return { data: { source: { kind: 'inline', files } }, uploads: [] };
}

function object(key: string, ...uploads: Upload[]): DrawnSource {
  return { data: { source: { kind: 'object', key } }, uploads };
}
