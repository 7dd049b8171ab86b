import { CAP, CAP_PER_TENANT, LATE, type Caps } from './caps.ts';
import type { HttpAnswer } from './http-door.ts';
import { printGoal } from './report.ts';

function isFullAnswer({ status, contentType, retryAfter, code }: HttpAnswer): boolean {
  const isProblem = contentType.startsWith('application/problem+json') && code === 'queue_full';
  return status === 429 && isProblem && retryAfter !== undefined && retryAfter > 0;
}

function shown({ status, contentType, retryAfter, code }: HttpAnswer): string {
  return `${status} ${code}, ${contentType.split(';')[0]}, Retry-After: ${retryAfter ?? 'none'}`;
}

/** Prints what was seen at the caps beside what is to be seen there. */
export function reportCaps({ own, total, waiting, pendingAfterCancel, sent, ends }: Caps): void {
  printGoal(
    `at MAX_PENDING_PER_TENANT=${CAP_PER_TENANT} HTTP answers 429 with Retry-After`,
    `at ${own.pending}: ${shown(own.refusal)}`,
    own.pending === CAP_PER_TENANT && isFullAnswer(own.refusal),
  );
  printGoal(
    `at MAX_PENDING=${CAP} HTTP answers 429 with Retry-After`,
    `at ${total.pending}: ${shown(total.refusal)}`,
    total.pending === CAP && isFullAnswer(total.refusal),
  );
  printGoal(
    'start events over RabbitMQ wait in their queue then',
    `${waiting} of ${LATE} waited`,
    waiting === LATE,
  );
  printGoal(
    'a cancel over RabbitMQ goes through then, and one of those comes in for it',
    `${pendingAfterCancel} builds wait after it, ${CAP} may`,
    pendingAfterCancel === CAP,
  );
  printGoal(
    'everything ends when the other apps are there again, and nothing is lost',
    `${ends.succeeded} succeeded and ${ends.cancelled} cancelled of ${sent}, the refused ones on another try`,
    ends.succeeded === sent - 1 && ends.cancelled === 1,
  );
}
