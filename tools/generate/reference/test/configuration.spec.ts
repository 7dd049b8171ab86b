import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError, loadConfig, settingsOf, type SettingsClass } from '@slipway/service-kit';
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

const CONTRADICTIONS: readonly [app: string, env: Record<string, string>, problem: RegExp][] = [
  ['ingest', { HOST: '0.0.0.0' }, /^HOST is "0\.0\.0\.0", so .+ set ALLOW_UNAUTHENTICATED=on .+\.$/],
  ['gateway', { HOST: '::' }, /^HOST is "::", so .+ set ALLOW_UNAUTHENTICATED=on .+\.$/],
  ['api', { HOST: '10.0.0.1' }, /^HOST is "10\.0\.0\.1", so .+ set ALLOW_UNAUTHENTICATED=on .+\.$/],
  [
    'ingest',
    { MAX_PENDING: '10', MAX_PENDING_PER_TENANT: '11' },
    /^MAX_PENDING_PER_TENANT is 11, above MAX_PENDING which is 10, so .+; set it to at most 10, or raise/,
  ],
  [
    'job-launcher',
    { MAX_CONCURRENT_BUILDS: '2', MAX_CONCURRENT_BUILDS_PER_TENANT: '3' },
    /^MAX_CONCURRENT_BUILDS_PER_TENANT is 3, above MAX_CONCURRENT_BUILDS which is 2, so .+; set it to at most 2/,
  ],
  [
    'sidecar-monitor',
    { MONITOR_INTERVAL: '20', BUILD_TIMEOUT: '10' },
    /^MONITOR_INTERVAL is 20, longer than the 10 seconds of BUILD_TIMEOUT, so .+; set it to less\.$/,
  ],
  [
    'context-builder',
    { OBJECT_STORE_URL: 'file:///sources', S3_ENDPOINT: 'http://127.0.0.1:9000' },
    /^S3_ENDPOINT is set, but OBJECT_STORE_URL is "file:\/\/\/sources" and there is no CONTEXT_BUCKET, so .+; set one of them/,
  ],
  [
    'api',
    { DATABASE_URL_FILE: '/somewhere' },
    /^DATABASE_URL and DATABASE_URL_FILE are both set; set one of them\.$/,
  ],
];

describe('variables that contradict each other', () => {
  const shapesOf = (name: string): readonly SettingsClass[] => APPS.find(({ app }) => app === name)!.shapes;

  it.each(CONTRADICTIONS)('%s says so of %j', (app, env, problem) => {
    expect(problemsOf(shapesOf(app), { ...RIGHT, ...env })).toEqual([expect.stringMatching(problem)]);
  });

  it.each([
    ['ingest', { HOST: '0.0.0.0', ALLOW_UNAUTHENTICATED: 'on' }],
    ['ingest', { MAX_PENDING: '10' }],
    ['job-launcher', { MAX_CONCURRENT_BUILDS: '1' }],
  ])('%s has nothing against %j', (app, env) => {
    expect(problemsOf(shapesOf(app), { ...RIGHT, ...env })).toEqual([]);
  });

  it('are told together with what is wrong by itself', () => {
    const env = { ...RIGHT, PORT: 'http', HOST: '0.0.0.0', MAX_PENDING: '1', MAX_PENDING_PER_TENANT: '2' };
    expect(problemsOf(shapesOf('ingest'), env).map(nameIn)).toEqual([
      'PORT',
      'HOST',
      'MAX_PENDING_PER_TENANT',
    ]);
  });
});
