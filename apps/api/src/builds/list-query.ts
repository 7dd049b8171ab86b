import { BUILD_STATUSES, SlipwayError } from '@slipway/domain';
import type { BuildFilter } from '@slipway/ledger';

export type Query = Readonly<Record<string, string | string[] | undefined>>;

const DEFAULT_LIMIT = 30;
const MAX_LIMIT = 100;

function one(query: Query, name: string): string | undefined {
  const value = query[name];
  const text = Array.isArray(value) ? value[0] : value;
  if (text?.includes('\0')) {
    throw new SlipwayError('invalid_event', `${name} holds the character U+0000, which no record has.`, {
      problems: [{ pointer: `/${name}`, detail: 'must not hold U+0000' }],
    });
  }
  return text === '' ? undefined : text;
}

function timeIn(query: Query, name: string): Date | undefined {
  const text = one(query, name);
  if (text === undefined) return undefined;
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) {
    throw new SlipwayError('invalid_event', `${name} is "${text}", which is no ISO 8601 time.`, {
      problems: [{ pointer: `/${name}`, detail: 'must be an ISO 8601 time' }],
    });
  }
  return time;
}

/** The page size; what is not a whole number from 1 to 100 means 30, as the fifth requirement document has it. */
export function limitIn(query: Query): number {
  const text = one(query, 'limit');
  const limit = text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : DEFAULT_LIMIT;
  return limit >= 1 && limit <= MAX_LIMIT ? limit : DEFAULT_LIMIT;
}

export function filterIn(query: Query): BuildFilter {
  const status = one(query, 'status');
  if (status !== undefined && !(BUILD_STATUSES as readonly string[]).includes(status)) {
    throw new SlipwayError(
      'invalid_event',
      `status is "${status}"; it must be one of ${BUILD_STATUSES.join(', ')}.`,
      {
        problems: [{ pointer: '/status', detail: `must be one of ${BUILD_STATUSES.join(', ')}` }],
      },
    );
  }
  return {
    tenant: one(query, 'third_party_id'),
    parser: one(query, 'parser_id'),
    status,
    runtime: one(query, 'runtime'),
    cause: one(query, 'cause'),
    since: timeIn(query, 'since'),
    until: timeIn(query, 'until'),
  };
}

export function cursorIn(query: Query): string | undefined {
  return one(query, 'cursor');
}

/** How many lines of log a preview has. */
export function linesIn(query: Query, fallback: number): number {
  const text = one(query, 'logs');
  return text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : fallback;
}
