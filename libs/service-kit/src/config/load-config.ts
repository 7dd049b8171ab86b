import { readFileSync } from 'node:fs';
import { validateSync } from 'class-validator';
import { settingsOf, type Setting, type SettingsClass } from './setting';

/** Every wrong variable of a configuration, one sentence each. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

const TRUE = ['on', 'true', '1', 'yes'];
const FALSE = ['off', 'false', '0', 'no'];

/** Where a deployment's template leaves a variable empty it means the same as not to set it. */
function valueIn(env: Environment, name: string): string | undefined {
  return env[name] === '' ? undefined : env[name];
}

function rawOf(setting: Setting, env: Environment, problems: string[]): string | undefined {
  const direct = valueIn(env, setting.name);
  const file = setting.secret ? valueIn(env, `${setting.name}_FILE`) : undefined;
  if (direct !== undefined && file !== undefined) {
    problems.push(`${setting.name} and ${setting.name}_FILE are both set; set one of them.`);
  }
  if (direct !== undefined || file === undefined) return direct;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    problems.push(
      `${setting.name}_FILE names "${file}", which cannot be read (${(error as Error).message}); name a file that this process may read.`,
    );
    return undefined;
  }
}

function converted(setting: Setting, raw: string): unknown {
  if (setting.type === 'number') return /^-?\d+(\.\d+)?$/.test(raw) ? Number(raw) : Number.NaN;
  if (setting.type !== 'boolean') return raw;
  const text = raw.toLowerCase();
  return TRUE.includes(text) ? true : FALSE.includes(text) ? false : raw;
}

/** Reads the settings of one shape; what is wrong with them goes to `problems`, and their names to `wrong`. */
function read(shape: SettingsClass, env: Environment, problems: string[], wrong: Set<string>): object {
  const config = new shape();
  const shown = new Map<string, string>();
  const missing = new Set<string>();
  for (const setting of settingsOf(shape)) {
    const before = problems.length;
    const raw = rawOf(setting, env, problems);
    if (problems.length > before) wrong.add(setting.name);
    const value = raw === undefined ? setting.default : converted(setting, raw);
    if (value !== undefined) Object.assign(config, { [setting.name]: value });
    else missing.add(setting.name);
    shown.set(setting.name, setting.secret ? '(a secret)' : JSON.stringify(raw ?? null));
  }
  for (const error of validateSync(config)) {
    if (wrong.has(error.property)) continue;
    wrong.add(error.property);
    // Several checks of one variable may say the same, such as the three of a port.
    const details = [...new Set(Object.values(error.constraints ?? {}))].join(' and ');
    const seen = missing.has(error.property) ? 'it is not set' : `it is ${shown.get(error.property)}`;
    problems.push(`${error.property} ${details}; ${seen}.`);
  }
  return config;
}

type Combined<Shapes extends readonly SettingsClass[]> = Shapes extends readonly [
  SettingsClass<infer First>,
  ...infer Rest extends readonly SettingsClass[],
]
  ? First & Combined<Rest>
  : unknown;

/** Reads the settings of all shapes from the environment. Fails with a ConfigurationError that lists every problem at once. */
export function loadConfig<const Shapes extends readonly SettingsClass[]>(
  shapes: Shapes,
  env: Environment = process.env,
): Combined<Shapes> {
  const problems: string[] = [];
  const wrong = new Set<string>();
  const parts = shapes.map((shape) => read(shape, env, problems, wrong));
  const config = Object.assign({}, ...parts) as Combined<Shapes>;
  const right = Object.fromEntries(Object.entries(config as object).filter(([name]) => !wrong.has(name)));
  const isSet = (name: string): boolean =>
    valueIn(env, name) !== undefined || valueIn(env, `${name}_FILE`) !== undefined;
  for (const shape of shapes) problems.push(...(shape.contradictions?.(right as never, isSet) ?? []));
  if (problems.length > 0) throw new ConfigurationError(problems);
  return config;
}
