import type {
  Artifact,
  BuildPhase,
  BuildStatus,
  Cause,
  ContextStoreKind,
  DeploymentStatus,
} from '@slipway/domain';

/** A build as the api shows it in lists; the first ten fields are those of the fifth requirement document. */
export interface BuildSummary {
  id: string;
  name: string;
  third_party_id: string;
  parser_id: string;
  status: BuildStatus;
  /** ISO 8601. */
  created_at: string;
  started_at?: string;
  completed_at?: string;
  /** Seconds from start to end. */
  duration?: number;
  image_uri?: string;
  phase: BuildPhase;
  reused: boolean;
  sequence: number;
  attempt: number;
  version: number;
  runtime?: string;
  content_hash?: string;
  image_digest?: string;
  correlation_id: string;
  cause?: Cause;
}

export interface BuildHistoryEntry {
  version: number;
  at: string;
  type: string;
  status: BuildStatus;
  phase: BuildPhase;
  attempt: number;
  detail?: Record<string, unknown>;
}

export interface BuildDetail extends BuildSummary {
  artifact?: Artifact;
  error_message?: string;
  queue?: { position?: number; waiting_for?: string };
  deployment: { status: DeploymentStatus; url?: string; revision?: string; cause?: Cause };
  context?: { store: string; key?: string; configmap_name?: string; size: number; sha256: string };
  events: BuildHistoryEntry[];
  logs_preview: string;
}

/** What every answer of the api says besides its content. */
export interface Answer {
  success: boolean;
  timestamp: string;
  /** Seconds that the answer took. */
  duration: number;
}

export interface BuildList extends Answer {
  builds: BuildSummary[];
  count: number;
  limit: number;
  total: number;
  next_cursor?: string;
}

export interface AsyncJobStats {
  worker_count: number;
  queue_size: number;
  max_queue_size: number;
  results_count: number;
  is_shutdown: boolean;
  timestamp: string;
  running: number;
  oldest_wait_seconds: number;
  tenants: { third_party_id: string; pending: number; running: number }[];
}

export interface FunctionResource {
  third_party_id: string;
  parser_id: string;
  service_name: string;
  status: DeploymentStatus;
  url?: string;
  revision?: string;
  image_digest?: string;
  build_id?: string;
  sequence: number;
  options: Record<string, unknown>;
  cause?: Cause;
}

/** The answer to an accepted start event. */
export interface AcceptedAnswer {
  build_id: string;
  status: BuildStatus;
  duplicate: boolean;
  correlation_id: string;
}

/** A stored context, as the caller of the second requirement document gets it. */
export interface ContextAnswer {
  store: ContextStoreKind;
  /** Of the stores file and s3. */
  key?: string;
  /** Of the store configmap. */
  configmap_name?: string;
  /** 64 hex; equal for equal sources. */
  content_hash: string;
  /** Family and version, such as `python3.13`. */
  runtime: string;
  /** Bytes of the archive. */
  size: number;
  /** 64 hex, of the archive's bytes. */
  sha256: string;
}
