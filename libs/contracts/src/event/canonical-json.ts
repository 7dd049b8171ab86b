import { createHash } from 'node:crypto';

/** JSON in the one form of RFC 8785: members ordered by UTF-16 code units, no spaces, ECMAScript numbers. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, item]) => `${JSON.stringify(name)}:${canonicalJson(item)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

/** What decides whether two events with one id are the same event: the SHA-256 over type, subject and data. */
export function contentHashOf(event: { type: string; subject?: string; data?: unknown }): string {
  const data = Buffer.isBuffer(event.data) ? event.data.toString('base64') : event.data;
  const text = canonicalJson({ type: event.type, subject: event.subject ?? null, data: data ?? null });
  return createHash('sha256').update(text).digest('hex');
}
