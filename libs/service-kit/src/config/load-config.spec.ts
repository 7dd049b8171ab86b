import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrokerSettings, LedgerSettings, ServiceSettings } from './common-settings';
import { loadConfig } from './load-config';

const GOOD = { DATABASE_URL: 'postgres://u:p@h/d', AMQP_URL: 'amqp://h' };
const SHAPES = [ServiceSettings, LedgerSettings, BrokerSettings] as const;

function problemsOf(env: Record<string, string>): string[] {
  try {
    loadConfig(SHAPES, env);
    return [];
  } catch (error) {
    return [...(error as { problems: string[] }).problems];
  }
}

describe('reading the configuration', () => {
  it('fills in defaults and reads numbers and switches', () => {
    const config = loadConfig(SHAPES, { ...GOOD, PORT: '9000', LENIENT_EVENTS: 'off' });
    expect(config).toMatchObject({ PORT: 9000, LENIENT_EVENTS: false, HOST: '127.0.0.1', DATABASE_POOL: 10 });
  });

  it('reports every wrong variable at once, each in a sentence with its name and value', () => {
    const problems = problemsOf({
      PORT: 'http',
      DATABASE_POOL: '1',
      LENIENT_EVENTS: 'maybe',
      AMQP_URL: 'http://x',
    });
    expect(problems).toHaveLength(5);
    expect(problems.find((text) => text.startsWith('PORT'))).toContain('it is "http"');
    expect(problems.find((text) => text.startsWith('DATABASE_URL'))).toContain('it is not set');
    expect(problems.find((text) => text.startsWith('LENIENT_EVENTS'))).toContain('on or off');
  });

  it('never shows a secret, not even a wrong one', () => {
    expect(problemsOf({ ...GOOD, DATABASE_URL: 'mysql://u:hunter2@h' }).join()).not.toContain('hunter2');
  });

  it('reads a secret from the file that {NAME}_FILE names', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'slipway-')), 'url');
    writeFileSync(file, `${GOOD.DATABASE_URL}\n`);
    const config = loadConfig(SHAPES, { AMQP_URL: GOOD.AMQP_URL, DATABASE_URL_FILE: file });
    expect(config.DATABASE_URL).toBe(GOOD.DATABASE_URL);
    expect(problemsOf({ ...GOOD, DATABASE_URL_FILE: file })[0]).toContain('both set');
  });

  it('says once that a file cannot be read, and does not ask for the variable besides', () => {
    const problems = problemsOf({ AMQP_URL: GOOD.AMQP_URL, DATABASE_URL_FILE: '/nowhere' });
    expect(problems).toEqual([
      expect.stringMatching(/^DATABASE_URL_FILE names "\/nowhere", which cannot be read .+; name a file/),
    ]);
  });

  it('names a variable once where several of its checks say the same', () => {
    expect(problemsOf({ ...GOOD, PORT: 'http' })).toEqual([
      'PORT must be a port from 1 to 65535; it is "http".',
    ]);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(loadConfig(SHAPES, { ...GOOD, PORT: '' }).PORT).toBe(8080);
    expect(problemsOf({ ...GOOD, DATABASE_URL_FILE: '' })).toEqual([]);
  });
});
