import {
  ERROR_CATALOGUE,
  type BuildOutcome,
  type Cause,
  type ContainerEnd,
  type EndReason,
  type ErrorCode,
} from '@slipway/domain';
import { failureIn, runtimeIn } from './log-lines';
import { isNetworkTrouble, tellingLine } from './telling-lines';

const SENTENCES: Partial<Record<ErrorCode, string>> = {
  deadline: 'The build took longer than it may.',
  oom: 'The build needed more memory than it may use.',
  disk_full: 'The disk of the builder is full.',
  lost: 'The builder vanished before it had ended.',
  dependency_install: 'A dependency could not be installed.',
  build_command: 'The build command failed.',
};

const BY_REASON: Record<EndReason, ErrorCode> = {
  deadline: 'deadline',
  oom: 'oom',
  stopped: 'lost',
  lost: 'lost',
  disk_full: 'disk_full',
};

/** 128 + SIGKILL: what a parent reports whose child the kernel killed for its memory. */
const KILLED = 137;

/** What the end of a host build means. Pure: the same end always gives the same outcome. */
export function outcomeOf(end: ContainerEnd): BuildOutcome {
  if (end.reason !== undefined) {
    const cause = causeOf(BY_REASON[end.reason], undefined, lastLine(end));
    return { status: end.reason === 'deadline' ? 'timeout' : 'failed', cause };
  }
  if (end.exitCode === 0 && end.digest !== undefined) {
    const runtime = runtimeIn(end.head);
    return { status: 'success', digest: end.digest, ...(runtime === undefined ? {} : { runtime }) };
  }
  return { status: 'failed', cause: causeOfExit(end) };
}

function causeOfExit(end: ContainerEnd): Cause {
  // Head and tail overlap where the output is short; the order of the lines stays that of the log.
  const lines = [...end.head, ...end.tail];
  const named = failureIn(end.tail);
  const cause = causeOfLines(end, lines, named);
  return cause.code === 'dependency_install' && isNetworkTrouble(lines)
    ? { ...cause, retryable: true }
    : cause;
}

function causeOfLines(
  end: ContainerEnd,
  lines: readonly string[],
  named: ReturnType<typeof failureIn>,
): Cause {
  const told = tellingLine(lines, named?.code);
  if (told?.code === 'disk_full') return causeOf('disk_full', undefined, told.line);
  if (named) return causeOf(told?.code ?? named.code, named.message, told?.line ?? lastLine(end));
  if (end.exitCode === KILLED) return causeOf('oom', undefined, told?.line ?? lastLine(end));
  if (end.exitCode === 0)
    return causeOf('builder_crashed', 'The builder ended well, but reported no digest.', lastLine(end));
  if (told) return causeOf(told.code, undefined, told.line);
  const how = end.exitCode === undefined ? 'was killed' : `ended with code ${end.exitCode}`;
  return causeOf('builder_crashed', `The builder ${how}.`, lastLine(end));
}

function causeOf(code: ErrorCode, message: string | undefined, logLine: string | undefined): Cause {
  const { title, hint, retryable } = ERROR_CATALOGUE[code];
  const sentence = message ?? SENTENCES[code] ?? `${title}.`;
  return {
    code,
    message: sentence,
    hint,
    retryable,
    ...(logLine === undefined ? {} : { log_line: logLine }),
  };
}

function lastLine(end: ContainerEnd): string | undefined {
  return end.tail
    .findLast((line) => line.trim() !== '' && !line.startsWith('[slipway]'))
    ?.trim()
    .slice(0, 500);
}
