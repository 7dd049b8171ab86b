import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

const TAIL = 64 * 1024;

/** The last 64 KiB of a log from `offset` on, as lines without the empty ones. */
export function tailLines(path: string, offset = 0): string[] {
  if (!existsSync(path)) return [];
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const start = Math.max(Math.min(offset, size), size - TAIL);
    const bytes = Buffer.alloc(size - start);
    readSync(file, bytes, 0, bytes.length, start);
    return bytes
      .toString('utf8')
      .split('\n')
      .filter((line) => line.trim() !== '');
  } finally {
    closeSync(file);
  }
}

function messageOf(line: string): { text: string; isError: boolean } {
  try {
    const row = JSON.parse(line) as { level?: number | string; msg?: string; err?: { message?: string } };
    const isError =
      typeof row.level === 'number' ? row.level >= 50 : ['error', 'fatal'].includes(String(row.level));
    return { text: [row.msg, row.err?.message].filter(Boolean).join(': ') || line, isError };
  } catch {
    // Not every line is JSON: servers write plain text, and so does a crash before the logger exists.
    return { text: line, isError: /\b(error|fatal|panic|failed|cannot|refused)\b/i.test(line) };
  }
}

/** The line of a log that most probably says why its program ended, cut to one readable sentence. */
export function tellingLine(lines: readonly string[]): string {
  const read = lines.map(messageOf);
  const text = (read.findLast(({ isError }) => isError) ?? read.at(-1))?.text.trim() ?? 'it wrote nothing';
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
