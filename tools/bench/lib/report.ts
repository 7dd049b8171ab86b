import type { ConfirmChannel } from 'amqplib';
import type { Client } from 'pg';

const line = (text: string) => void process.stdout.write(`${text}\n`);

/** Names the machine and the servers with the settings that decide how fast a commit can be. */
export async function printSurroundings(client: Client, channel: ConfirmChannel): Promise<void> {
  const names = ['server_version', 'fsync', 'synchronous_commit', 'full_page_writes'];
  const sizes = ['shared_buffers', 'max_wal_size', 'max_connections'];
  const { rows } = await client.query<{ name: string; value: string }>(
    `select name, current_setting(name) as value from unnest($1::text[]) as name`,
    [[...names, ...sizes]],
  );
  const [version, ...settings] = rows.map(({ name, value }) => ({ value, text: `${name}=${value}` }));
  const broker = channel.connection.serverProperties.version;
  line('');
  line(`Node ${process.versions.node}, RabbitMQ ${broker} (quorum queues),`);
  line(`PostgreSQL ${version!.value} with ${settings.map(({ text }) => text).join(' ')}`);
}

/** Prints rows below their heads: the first column to the left, numbers to the right. */
export function printTable(heads: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]!.length)),
  );
  const align = (text: string, column: number) =>
    column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!);
  line('');
  for (const row of [heads, ...rows]) line(row.map(align).join('  ').trimEnd());
  line('');
}

/** Least and greatest value, rounded. */
export function rangeOf(values: readonly number[]): string {
  return `${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)}`;
}

/** One line for a goal and what came of it. Nothing fails on it: absolute times are the machine's as much as ours. */
export function printGoal(goal: string, measured: string, met: boolean): void {
  line(`goal: ${goal}: ${met ? 'met' : 'not met'} (${measured})`);
}

/** The goal that nothing stays behind on its way out. */
export function printOutboxGoal(rest: number): void {
  printGoal('the outbox drains', `${rest} events left`, rest === 0);
}

export function printLine(text: string): void {
  line(text);
}
