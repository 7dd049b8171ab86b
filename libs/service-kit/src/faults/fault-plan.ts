import { FAULT_POINTS, armFaultPoints, type FaultPoint } from '@slipway/domain';

const SIGNALS = { kill: 'SIGKILL', freeze: 'SIGSTOP' } as const;

type FaultAction = keyof typeof SIGNALS;

interface PlannedFault {
  point: FaultPoint;
  action: FaultAction;
  /** At which passing of the point; the first is 1. */
  at: number;
}

/** `{kill|freeze}@{point}:{n}` and so on, parted by commas: what `FAULT_POINTS` holds. */
export const FAULT_PLAN = new RegExp(
  `^(?:kill|freeze)@(?:${FAULT_POINTS.join('|')}):[1-9]\\d{0,6}(?:,(?:kill|freeze)@(?:${FAULT_POINTS.join('|')}):[1-9]\\d{0,6})*$`,
);

function parse(text: string): PlannedFault[] {
  return text.split(',').map((entry) => {
    const [, action, point, at] = /^(\w+)@([\w.-]+):(\d+)$/.exec(entry)!;
    return { action: action as FaultAction, point: point as FaultPoint, at: Number(at) };
  });
}

/** Makes this process kill or freeze itself where the plan says so. The signals cannot be caught, so nothing is tidied up. */
export function armFaultPlan(
  plan: string,
  signal: (name: 'SIGKILL' | 'SIGSTOP') => void = (name) => process.kill(process.pid, name),
): void {
  const faults = parse(plan);
  const passed = new Map<FaultPoint, number>();
  armFaultPoints((point) => {
    const count = (passed.get(point) ?? 0) + 1;
    passed.set(point, count);
    const fault = faults.find((planned) => planned.point === point && planned.at === count);
    if (fault) signal(SIGNALS[fault.action]);
  });
}
