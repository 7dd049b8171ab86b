import type { ContextEntry } from '@slipway/domain';
import { loadRuntimes, runtimesFolder } from '../src/data/load-runtimes';
import { resolveRuntime } from '../src/detect/resolve-runtime';
import { planContext, type ContextPlan, type PlanInput } from '../src/plan/plan-context';
import { source } from './source';

export const runtimes = loadRuntimes(runtimesFolder());

export interface PlanOptions extends Pick<PlanInput, 'entrypoint' | 'images'> {
  runtime?: string;
}

/** Plans a source of text files as context-builder does. */
export function plan(files: Record<string, string>, options: PlanOptions = {}): ContextPlan {
  return planOf(source(files), options);
}

export function planOf(entries: ContextEntry[], { runtime, ...rest }: PlanOptions = {}): ContextPlan {
  return planContext({ runtimes, runtime: resolveRuntime(runtimes, runtime, entries), entries, ...rest });
}

export function textIn(planned: ContextPlan, path: string): string {
  return planned.entries.find((entry) => entry.path === path)?.content.toString() ?? '';
}
