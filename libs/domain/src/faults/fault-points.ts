/**
 * Places at which a process that dies or freezes leaves most to be mended: between two steps of which only the first is
 * durable. Tests arm them to see that it is mended; unarmed they do nothing.
 */
export const FAULT_POINTS = [
  'ledger.before-commit',
  'ledger.after-commit',
  'consumer.after-commit-before-ack',
  'door.after-commit-before-answer',
  'relay.after-publish-before-mark',
  'work.after-claim-before-run',
  'context.after-reference-before-put',
  'context.after-put-before-queue',
  'launch.after-create-before-record',
  'stop.after-stop-before-record',
  'deploy.after-apply-before-record',
  'invoke.after-call-before-record',
] as const;

export type FaultPoint = (typeof FAULT_POINTS)[number];

let armed: ((point: FaultPoint) => void) | undefined;

/** Says that the process has come to the point. */
export function reach(point: FaultPoint): void {
  armed?.(point);
}

/** Has `onReach` called at each point from now on; undefined makes them inert again. */
export function armFaultPoints(onReach: ((point: FaultPoint) => void) | undefined): void {
  armed = onReach;
}
