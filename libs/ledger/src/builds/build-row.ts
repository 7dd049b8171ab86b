import type { Artifact, BuildPhase, BuildStatus, Cause, ContextReference, SourceSpec } from '@slipway/domain';
import type { BuildStartData } from '@slipway/contracts';

/** A row of `builds`, as PostgreSQL gives it. */
export interface BuildRow {
  build_id: string;
  tenant: string;
  parser: string;
  event_source: string;
  event_id: string;
  event_hash: string;
  sequence: number;
  status: BuildStatus;
  phase: BuildPhase;
  attempt: number;
  version: number;
  priority: number;
  platform: string;
  builder: string;
  /** The data of the start event. */
  request: BuildStartData;
  source: SourceSpec;
  forced: boolean;
  stop_after: 'context' | 'artifact' | 'service';
  lenient: boolean;
  timeout_seconds: number;
  correlation_id: string;
  causation_id: string;
  traceparent: string | null;
  runtime: string | null;
  identity: string | null;
  context: ContextReference | null;
  image_uri: string | null;
  artifact: Artifact | null;
  reused: boolean;
  reused_from: string | null;
  cause: Cause | null;
  exit_code: number | null;
  created_at: Date;
  queued_at: Date | null;
  not_before: Date | null;
  started_at: Date | null;
  completed_at: Date | null;
}

/** A row of `build_attempts`: one Job, and the slot that it holds until `gone_at`. */
export interface AttemptRow {
  build_id: string;
  attempt: number;
  tenant: string;
  platform: string;
  identity: string;
  job_name: string;
  job_uid: string | null;
  image_uri: string;
  deadline_at: Date;
  created_at: Date;
  report: AttemptReport | null;
  job_end: AttemptReport | null;
  end_seen_at: Date | null;
  /** Seconds since then by the database's clock; read with the attempt alone. */
  end_age_seconds?: number | null;
  log_complete: boolean;
  ended_at: Date | null;
  gone_at: Date | null;
}

/** What a sidecar claims, or what the Job itself shows, about how the builder ended. */
export interface AttemptReport {
  status: 'success' | 'failed' | 'timeout';
  digest?: string;
  /** What the builder really used, for the history. */
  runtime?: string;
  exit_code?: number;
  cause?: Cause;
}
