import type { BuildDetail, BuildHistoryEntry, BuildSummary } from '@slipway/contracts';
import type { BuildRow, DeploymentOfBuild, HistoryRow } from '@slipway/ledger';

function secondsBetween(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000;
}

/** Leaves out what a build does not have, so that clients never see null. */
function present<T extends object>(fields: T): T {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  ) as T;
}

export function summaryOf(build: BuildRow): BuildSummary {
  const started = build.started_at ?? (build.completed_at ? build.created_at : null);
  return present({
    id: build.build_id,
    name: build.build_id,
    third_party_id: build.tenant,
    parser_id: build.parser,
    status: build.status,
    created_at: build.created_at.toISOString(),
    started_at: build.started_at?.toISOString(),
    completed_at: build.completed_at?.toISOString(),
    duration: started && build.completed_at ? secondsBetween(started, build.completed_at) : undefined,
    image_uri: build.image_uri ?? undefined,
    phase: build.phase,
    reused: build.reused,
    sequence: build.sequence,
    attempt: build.attempt,
    version: build.version,
    runtime: build.runtime ?? build.request.runtime,
    content_hash: build.identity ?? undefined,
    image_digest: build.artifact?.digest,
    correlation_id: build.correlation_id,
    cause: build.cause ?? undefined,
  });
}

export function historyOf(row: HistoryRow): BuildHistoryEntry {
  const { actor, detail, at, ...entry } = row;
  return { ...entry, at: at.toISOString(), detail: { actor, ...detail } };
}

export interface DetailParts {
  build: BuildRow;
  deployment: DeploymentOfBuild;
  queue: { position?: number; waiting_for?: string } | undefined;
  history: HistoryRow[];
  logsPreview: string;
}

export function detailOf({ build, deployment, queue, history, logsPreview }: DetailParts): BuildDetail {
  const { store, key, size, sha256 } = build.context ?? {};
  return present({
    ...summaryOf(build),
    artifact: build.artifact ?? undefined,
    error_message: build.cause?.message,
    queue,
    deployment,
    context:
      store === undefined
        ? undefined
        : {
            store,
            ...(store === 'configmap' ? { configmap_name: key } : { key }),
            size: size!,
            sha256: sha256!,
          },
    events: history.map(historyOf),
    logs_preview: logsPreview,
  });
}
