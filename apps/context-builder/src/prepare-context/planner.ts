import type { ContextEntry } from '@slipway/domain';
import {
  defaultFileName,
  planContext,
  resolveRuntime,
  type ImageSettings,
  type Runtimes,
} from '@slipway/runtimes';

export interface PlannedContext {
  /** The user's files and the generated ones. */
  entries: ContextEntry[];
  baseImage: string;
  buildArguments: Record<string, string>;
  /** Family and version, such as `nodejs24`. */
  runtimeName: string;
  notes: string[];
}

/** Finds out how a source is built, from the runtimes' data. */
export class ContextPlanner {
  constructor(
    private readonly runtimes: Runtimes,
    /** Base images instead of those of the runtimes, by build argument. */
    private readonly images: ImageSettings = {},
  ) {}

  plan(
    entries: ContextEntry[],
    requested: string | undefined,
    entrypoint: string | undefined,
  ): PlannedContext {
    const runtime = resolveRuntime(this.runtimes, requested, entries);
    const planned = planContext({
      runtimes: this.runtimes,
      runtime,
      entrypoint,
      entries,
      images: this.images,
    });
    return {
      entries: planned.entries,
      baseImage: planned.baseImage,
      buildArguments: planned.buildArguments,
      runtimeName: `${runtime.family}${runtime.version}`,
      notes: [...runtime.notes, ...planned.notes],
    };
  }

  /** The name of a source that came without one. */
  defaultFileName(requested: string | undefined, entry: ContextEntry): string {
    const runtime = resolveRuntime(this.runtimes, requested, [entry]);
    return defaultFileName(this.runtimes, runtime.family);
  }
}
