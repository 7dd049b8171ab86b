import { SlipwayError } from '@slipway/domain';

const CONNECTION_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EAI_AGAIN',
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTDOWN',
  'ECONNABORTED',
]);

/** What the drivers themselves say carries no code. The last two: this process is stopping and has closed its pool. */
const DRIVER_MESSAGES =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|driver has already been destroyed|cannot use a pool after calling end/i;

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/**
 * Whether an error says that the database is away, so that whoever asked should wait and ask again.
 * SQLSTATE classes 08 (connection), 53 (resources) and 57 (operator intervention), and what the socket says.
 */
export function isLedgerAway(error: unknown): boolean {
  const code = codeOf(error);
  // 57014 is our own time limit on a statement: whoever ran it was too slow, the ledger is there.
  if (code === '57014') return false;
  if (/^(08|53|57)...$/.test(code) || CONNECTION_ERRORS.has(code)) return true;
  if (error instanceof AggregateError) return error.errors.some(isLedgerAway);
  const message = error instanceof Error ? error.message : '';
  return DRIVER_MESSAGES.test(message);
}

/** A value that PostgreSQL cannot hold, such as text with a NUL or a number out of range (SQLSTATE class 22, data exception). */
function isRefusedValue(error: unknown): boolean {
  return /^22...$/.test(codeOf(error));
}

/** What an error of the ledger means for whoever asked over HTTP; undefined where it is no such error. */
export function ledgerError(error: unknown): SlipwayError | undefined {
  if (isLedgerAway(error)) return new SlipwayError('unavailable', 'The ledger is away.', { cause: error });
  if (isRefusedValue(error))
    return new SlipwayError(
      'invalid_event',
      'A value of the input cannot be stored; send texts without NUL characters, and numbers and times within range.',
    );
  return undefined;
}

/** A key that somebody else has written first (unique violation). */
export function isTaken(error: unknown): boolean {
  return codeOf(error) === '23505';
}

/** Serialization failure and deadlock: the same transaction may simply be tried again. */
export function isTransient(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40001' || code === '40P01';
}
