import type { Cause, ContextReference } from '@slipway/domain';
import type { BuildRow } from './build-row';

/** `2m30s`, as the third requirement document writes durations. */
function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return `${hours ? `${hours}h` : ''}${hours || minutes ? `${minutes}m` : ''}${whole % 60}s`;
}

function durationOf(build: BuildRow): { duration: string; duration_seconds: number } {
  const from = build.started_at ?? build.created_at;
  const seconds = Math.max(0, ((build.completed_at ?? from).getTime() - from.getTime()) / 1000);
  return { duration: durationText(seconds), duration_seconds: seconds };
}

/** What build.complete and build.failed have in common (wire §1). */
function endOf(build: BuildRow, jobUid: string | null): Record<string, unknown> {
  return {
    job_name: build.attempt > 1 ? `${build.build_id}-${build.attempt}` : build.build_id,
    ...(jobUid ? { job_uid: jobUid } : {}),
    attempt: build.attempt,
    ...(build.exit_code === null ? {} : { exit_code: build.exit_code }),
    ...durationOf(build),
  };
}

/** With the name that readers of ConfigMaps know it by. */
function contextOf(context: ContextReference): Record<string, unknown> {
  return context.store === 'configmap' ? { ...context, configmap_name: context.key } : { ...context };
}

export function completeData(build: BuildRow, jobUid: string | null = null): Record<string, unknown> {
  return {
    ...endOf(build, jobUid),
    status: 'success',
    ...(build.image_uri ? { image_uri: build.image_uri } : {}),
    ...(build.artifact ? { image_digest: build.artifact.digest, artifact: build.artifact } : {}),
    ...(build.runtime ? { runtime: build.runtime } : {}),
    ...(build.context ? { context: contextOf(build.context) } : {}),
    reused: build.reused,
  };
}

export function failedData(
  build: BuildRow,
  cause: Cause,
  jobUid: string | null = null,
): Record<string, unknown> {
  return {
    ...endOf(build, jobUid),
    status: cause.code === 'deadline' ? 'timeout' : 'failed',
    ...(build.image_uri ? { image_uri: build.image_uri } : {}),
    error_message: cause.message,
    cause,
  };
}
