import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { eventually } from '@slipway/testing';
import { parse } from 'yaml';
import { Prometheus, promtool } from './prometheus';
import { System } from './system';

const ALERTS = join(__dirname, '../../deploy/alerts');
const RULES = join(ALERTS, 'slipway.rules.yaml');
const TESTS = join(ALERTS, 'slipway.rules.test.yaml');

/** What the documents want to be measured, and how much of it the four contexts below are at least. */
const MEASURED: Record<string, number> = {
  'build_context_creation_total{result="success"}': 1,
  'build_context_creation_total{result="failure"}': 3,
  build_context_creation_duration_seconds_count: 4,
  build_context_size_bytes_count: 1,
  build_context_size_bytes_sum: 100,
  'build_context_s3_errors_total{kind="source_denied"}': 1,
  'slipway_context_step_seconds_count{step="download"}': 4,
  'slipway_context_step_seconds_count{step="hash"}': 1,
  'slipway_context_step_seconds_count{step="pack"}': 1,
  'slipway_context_step_seconds_count{step="upload"}': 1,
};
const FAILED = 'build_context_creation_total{result="failure"}';
const DENIED = 'build_context_s3_errors_total{kind="source_denied"}';

interface RuleFile {
  groups: { rules: { alert: string; expr: string }[] }[];
}
const alerts = (parse(readFileSync(RULES, 'utf8')) as RuleFile).groups.flatMap(({ rules }) => rules);

describe('the alert rules', () => {
  it('are valid', async () => {
    expect(await promtool(['check', 'rules', RULES])).toMatchObject({ code: 0 });
  });

  it('fire where they should, for repeated failures too, and stay silent beside it', async () => {
    expect(await promtool(['test', 'rules', TESTS])).toMatchObject({ code: 0 });
    const tested = readFileSync(TESTS, 'utf8');
    for (const { alert } of alerts) expect(tested).toContain(`alertname: ${alert}`);
  });
});

let system: System;
beforeAll(async () => void (system = await System.up()));

/** Asks for a context; nobody has uploaded a source of the function. */
function askFor(body: object): Promise<Response> {
  return fetch(`${system.api}/contexts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ third_party_id: 'sre', parser_id: 'measured', ...body }),
  });
}

/** The code of the failure, or the HTTP status where there is none. */
async function outcomeOf(body: object): Promise<string> {
  const response = await askFor(body);
  return ((await response.json()) as { code?: string }).code ?? String(response.status);
}

/** A link is what the file object store refuses to anybody, root included. */
async function deniedOutcome(): Promise<string> {
  const objects = join(process.env['SLIPWAY_STATE_DIR']!, 'objects', 'slipway-sources');
  const link = join(objects, 'global/parser/denied');
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync('/etc/hostname', link);
  const outcome = await outcomeOf({ parser_id: 'denied' });
  rmSync(link);
  return outcome;
}

describe('what Prometheus scrapes of the running apps', () => {
  let prometheus: Prometheus;
  beforeAll(async () => {
    const api = new URL(system.api);
    const contexts = `http://${api.hostname}:${Number(api.port) + 2}`;
    prometheus = await Prometheus.start({ api: system.api, 'context-builder': contexts }, RULES);
  });
  afterAll(() => prometheus?.stop());

  async function measured(): Promise<Record<string, number>> {
    const values = Object.keys(MEASURED).map(async (series) => [
      series,
      await prometheus.value(`sum(${series}) or vector(0)`),
    ]);
    return Object.fromEntries(await Promise.all(values)) as Record<string, number>;
  }

  it('moves with each context that is made, that fails, or that the object store denies', async () => {
    await eventually('the first scrape', async () => (await prometheus.value('sum(up)')) === 2, 60_000);
    const before = await measured();
    expect(await prometheus.firing()).not.toContain('BuildContextS3AccessDenied');

    expect(await outcomeOf({ runtime: 'python', code: 'print()\n', entrypoint: 'remediation.py' })).toBe(
      '201',
    );
    expect(await outcomeOf({})).toBe('source_missing');
    const elsewhere = { kind: 'object', bucket: 'not-ours', key: 'global/parser/a' };
    expect(await outcomeOf({ source: elsewhere })).toBe('source_denied');
    expect(await deniedOutcome()).toBe('source_denied');

    await eventually('the scrape after the last one', async () => {
      return (await measured())[FAILED]! >= before[FAILED]! + MEASURED[FAILED]!;
    });
    const after = await measured();
    for (const [series, least] of Object.entries(MEASURED)) {
      const moved = after[series]! - before[series]!;
      expect([series, moved >= least ? least : moved]).toEqual([series, least]);
    }
    // The bucket that we refuse ourselves was never asked for.
    expect(after[DENIED]! - before[DENIED]!).toBe(1);
    await eventually('the alert of a denied access', async () =>
      (await prometheus.firing()).includes('BuildContextS3AccessDenied'),
    );
  });

  it('is enough for every rule: Prometheus evaluates them, and each metric and label that they name is there', async () => {
    const rules = await eventually('all rules to be evaluated', async () => {
      const found = await prometheus.rules();
      return found.every(({ health }) => health !== 'unknown') ? found : undefined;
    });
    expect(rules.map(({ health, lastError }) => lastError ?? health)).toEqual(rules.map(() => 'ok'));
    const expressions = alerts.map(({ expr }) => expr).join('\n');
    const selectors = new Set(expressions.match(/\b(build_context|slipway|process)_\w+({[^}]+})?/g));
    expect(selectors.size).toBe(8);
    for (const selector of selectors) {
      await eventually(selector, () => prometheus.value(`count(${selector})`), 60_000);
    }
  });

  it.each(['api', 'context-builder'] as const)('of %s is as promtool wants it', async (app) => {
    const { code, output } = await promtool(['check', 'metrics'], await system.metrics(app));
    // 3 is a matter of taste, and 1 a text that cannot be read. Only prom-client's own names are not to its taste.
    expect([0, 3]).toContain(code);
    const ours = output.split('\n').filter((line) => line !== '' && !line.startsWith('nodejs_'));
    expect(ours).toEqual([]);
  });
});

describe('a context that failed', () => {
  it('is found in the log, with the phrase that says why and the id of its build', async () => {
    const id = (await askFor({})).headers.get('location')!.split('/').at(-1)!;
    const file = join(process.env['SLIPWAY_STATE_DIR']!, 'logs', 'context-builder.log');
    await eventually('its line', () => {
      const lines = readFileSync(file, 'utf8').split('\n');
      return lines.find((line) => line.includes('source file not found') && line.includes(id));
    });
  });
});
