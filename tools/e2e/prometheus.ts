import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@slipway/testing';

/** Half a second between two scrapes, and between two looks at the rules. */
const INTERVAL = '500ms';

/** `npm test` names the folder; without it the program has to be on the PATH. */
function program(name: 'prometheus' | 'promtool'): string {
  const folder = process.env['PROMETHEUS_FOLDER'];
  return folder === undefined ? name : join(folder, name);
}

function explained(error: Error & { code?: unknown }): Error {
  if (error.code !== 'ENOENT') return error;
  return new Error('prometheus and promtool are not on the PATH: install Prometheus, or run `npm test`.');
}

/** Runs promtool. Its output is that of both streams. */
export function promtool(args: string[], input = ''): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = execFile(program('promtool'), args, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') reject(explained(error));
      else resolve({ code: Number(error?.code ?? 0), output: stdout + stderr });
    });
    child.stdin?.end(input);
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function configuration(targets: Record<string, string>, rules: string): object {
  return {
    global: { scrape_interval: INTERVAL, scrape_timeout: INTERVAL, evaluation_interval: INTERVAL },
    rule_files: [rules],
    scrape_configs: Object.entries(targets).map(([job, url]) => ({
      job_name: job,
      static_configs: [{ targets: [new URL(url).host] }],
    })),
  };
}

interface Alert {
  state: 'pending' | 'firing';
  labels: Record<string, string>;
}

interface RuleGroup {
  rules: { name: string; health: 'ok' | 'unknown' | 'err'; lastError?: string }[];
}

/** A Prometheus server that scrapes running apps and evaluates the alert rules on what it finds. */
export class Prometheus {
  private constructor(
    private readonly url: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  /** `targets` are the addresses of the apps by job; `rules` is an absolute path. */
  static async start(targets: Record<string, string>, rules: string): Promise<Prometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-prometheus-'));
    const config = join(folder, 'prometheus.yaml');
    // JSON is YAML.
    writeFileSync(config, JSON.stringify(configuration(targets, rules)));
    const address = `127.0.0.1:${await freePort()}`;
    const child = spawn(
      program('prometheus'),
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=${address}`,
        '--log.level=warn',
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    let failure: Error | undefined;
    child.on('error', (error) => (failure = explained(error)));
    child.on('exit', (code) => (failure ??= new Error(`prometheus ended with ${code}`)));
    const prometheus = new Prometheus(`http://${address}`, child, folder);
    const answers = (): Promise<boolean> =>
      fetch(`http://${address}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    await eventually('Prometheus', async () => failure ?? answers(), 60_000);
    if (failure) await prometheus.stop().then(() => Promise.reject(failure));
    return prometheus;
  }

  /** The value of an expression that has one; undefined while nothing was scraped for it. */
  async value(expression: string): Promise<number | undefined> {
    const { result } = await this.get<{ result: { value: [number, string] }[] }>(
      `query?query=${encodeURIComponent(expression)}`,
    );
    if (result.length > 1) throw new Error(`${expression} has ${result.length} values`);
    return result[0] && Number(result[0].value[1]);
  }

  /** Names of the alerts that fire. */
  async firing(): Promise<string[]> {
    const { alerts } = await this.get<{ alerts: Alert[] }>('alerts');
    return alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels['alertname']!);
  }

  async rules(): Promise<RuleGroup['rules']> {
    return (await this.get<{ groups: RuleGroup[] }>('rules')).groups.flatMap(({ rules }) => rules);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    if (this.child.exitCode === null && this.child.kill('SIGKILL')) await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async get<T>(path: string): Promise<T> {
    const { data, error } = (await (await fetch(`${this.url}/api/v1/${path}`)).json()) as {
      data: T;
      error?: string;
    };
    if (error !== undefined) throw new Error(`Prometheus: ${error}`);
    return data;
  }
}
