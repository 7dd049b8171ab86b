import type { MessageProperties, Options } from 'amqplib';

/** Bytes of headers. They stand in one frame, and amqplib writes them into 64 KiB of which some are needed for ours. */
const MAX_HEADERS = 32 * 1024;
const MAX_SHORT = 255;

/** amqplib writes a number as a double only below 2^50 or from 2^63 on, and fails on what lies between and is no integer. */
function isWritableNumber(value: number): boolean {
  return Number.isSafeInteger(value) || Math.abs(value) < 2 ** 50;
}

function isWritable(value: unknown): boolean {
  if (typeof value === 'number') return isWritableNumber(value);
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return true;
  // amqplib asks each table for this method, so a member of the name, or no prototype, breaks it.
  if (!Array.isArray(value) && value.hasOwnProperty !== Object.prototype.hasOwnProperty) return false;
  return Object.values(value).every(isWritable);
}

function sizeOf(name: string, value: unknown): number {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return Buffer.byteLength(name) + Buffer.byteLength(text ?? '');
}

/** The headers that can be written again, in their order, and the names of the others. */
function split(headers: Record<string, unknown>): { kept: Record<string, unknown>; dropped: string[] } {
  const kept: Record<string, unknown> = {};
  const dropped: string[] = [];
  let room = MAX_HEADERS;
  for (const [name, value] of Object.entries(headers)) {
    const size = sizeOf(name, value);
    if (size > room || Buffer.byteLength(name) > MAX_SHORT || !isWritable(value)) dropped.push(name);
    else {
      kept[name] = value;
      room -= size;
    }
  }
  return { kept, dropped };
}

/**
 * A message's properties as amqplib can write them again; not all that it reads is such. What cannot be written is left
 * out, and the header `x-dropped` names the headers that were.
 */
export function rewritable(properties: MessageProperties): Options.Publish {
  const { headers, ...others } = properties as unknown as Record<string, unknown>;
  const { kept, dropped } = split((headers ?? {}) as Record<string, unknown>);
  // Bytes that are no UTF-8 were read as U+FFFD, which is longer, so a text may have outgrown its short string.
  const short = Object.entries(others).filter(
    ([, value]) => typeof value !== 'string' || Buffer.byteLength(value) <= MAX_SHORT,
  );
  const note = dropped.length === 0 ? {} : { 'x-dropped': dropped.join(', ').slice(0, MAX_SHORT) };
  return { ...Object.fromEntries(short), headers: { ...kept, ...note } };
}
