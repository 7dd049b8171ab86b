import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  ConfigurationError,
  DoorSettings,
  ServiceSettings,
  loadConfig,
  settingsOf,
  startService,
  type SettingsClass,
} from '@slipway/service-kit';
import { ANY_TEXT, MALFORMED, RIGHT, wrongValuesOf } from './examples';

const FOLDER = join(__dirname, '../../../../apps');

const APPS = readdirSync(FOLDER).map((app) => {
  const { SHAPES } = jest.requireActual<{ SHAPES: readonly SettingsClass[] }>(
    join(FOLDER, app, 'src/config'),
  );
  return { app, shapes: SHAPES, settings: SHAPES.flatMap((shape) => settingsOf(shape)) };
});

const VARIABLES = APPS.flatMap(({ app, shapes, settings }) =>
  settings.map((setting) => ({ app, shapes, setting, name: setting.name })),
);

function problemsOf(shapes: readonly SettingsClass[], env: Readonly<Record<string, string>>): string[] {
  try {
    loadConfig(shapes, env);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return [...error.problems];
    throw error;
  }
}

function nameIn(problem: string): string {
  return problem.slice(0, problem.indexOf(' '));
}

describe('the examples', () => {
  it('have a wrong value for every variable of every app, or say that any text is right', () => {
    const known = [...Object.keys(MALFORMED), ...ANY_TEXT].sort();
    expect(known).toEqual([...new Set(VARIABLES.map(({ name }) => name))].sort());
  });

  it.each(APPS)('are enough to start $app', ({ shapes }) => {
    expect(problemsOf(shapes, RIGHT)).toEqual([]);
  });
});

describe('the configuration of every app', () => {
  it.each(VARIABLES)('$app says what is missing: $name', ({ shapes, setting: { name } }) => {
    const { [name]: right, ...others } = RIGHT;
    const problems = problemsOf(shapes, others);
    if (right === undefined) expect(problems).toEqual([]);
    else expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name} must .+; it is not set\\.$`))]);
  });

  it.each(VARIABLES)('$app says what is wrong: $name', ({ shapes, setting }) => {
    for (const value of wrongValuesOf(setting)) {
      const problems = problemsOf(shapes, { ...RIGHT, [setting.name]: value });
      const shown = setting.secret ? '(a secret)' : JSON.stringify(value);
      expect(problems).toEqual([expect.stringMatching(new RegExp(`^${setting.name} must .+; it is .+\\.$`))]);
      expect(problems[0]).toContain(`; it is ${shown}.`);
      // Two checks of one variable may fail together; what they say stands there once.
      const said = problems[0]!.slice(0, problems[0]!.indexOf('; it is')).split(' and ');
      expect(new Set(said).size).toBe(said.length);
    }
  });

  it.each(VARIABLES.filter(({ name }) => ANY_TEXT.includes(name)))(
    '$app takes any text: $name',
    ({ shapes, setting }) => {
      expect(problemsOf(shapes, { ...RIGHT, [setting.name]: 'any text; at all' })).toEqual([]);
    },
  );

  it.each(APPS)('$app names all that is wrong at once', ({ shapes, settings }) => {
    const wrong = settings.filter(({ name }) => name in MALFORMED);
    const env = Object.fromEntries(wrong.map((setting) => [setting.name, wrongValuesOf(setting)[0]!]));
    const problems = problemsOf(shapes, { ...RIGHT, ...env });
    expect(problems.map(nameIn)).toEqual(wrong.map(({ name }) => name));
  });

  it.each(APPS)('$app names all that is missing at once', ({ shapes, settings }) => {
    const missing = settings.filter(({ name }) => name in RIGHT);
    expect(problemsOf(shapes, {}).map(nameIn)).toEqual(missing.map(({ name }) => name));
  });
});

class NeverBuilt {}

describe('variables that contradict each other', () => {
  it.each(['0.0.0.0', '::', '10.0.0.1'])(
    'keep an app that takes commands from standing open on %s',
    async (HOST) => {
      const config = () => loadConfig([ServiceSettings, DoorSettings], { HOST });
      const started = startService({
        name: 'open',
        door: true,
        config,
        module: () => ({ module: NeverBuilt }),
      });
      await expect(started).rejects.toMatchObject({
        problems: [expect.stringMatching(`^HOST is "${HOST}", so .+ set ALLOW_UNAUTHENTICATED=on .+\\.$`)],
      });
    },
  );
});
