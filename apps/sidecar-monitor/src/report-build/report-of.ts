import type { CloudEvent } from '@slipway/contracts';
import { partitionKeyOf, type BuildOutcome, type ContainerEnd } from '@slipway/domain';

/** Which attempt this sidecar sits beside. */
export interface WatchedAttempt {
  buildId: string;
  attempt: number;
  jobName: string;
  jobUid: string;
  tenant: string;
  parser: string;
  imageUri: string;
  contentHash: string;
  correlationId: string;
  typePrefix: string;
  sourcePrefix: string;
}

/** The claim about how the builder ended. Its id is the same however often it is sent. */
export function reportOf(
  watched: WatchedAttempt,
  end: ContainerEnd,
  outcome: BuildOutcome,
  at: Date,
): CloudEvent {
  const short = outcome.status === 'success' ? 'build.complete' : 'build.failed';
  return {
    id: `${watched.jobUid}/${outcome.status}`,
    source: `${watched.sourcePrefix}builder`,
    type: `${watched.typePrefix}${short}`,
    specversion: '1.0',
    time: at.toISOString(),
    subject: `build/${watched.tenant}/${watched.parser}`,
    datacontenttype: 'application/json',
    extensions: {
      correlationid: watched.correlationId,
      partitionkey: partitionKeyOf(watched.tenant, watched.parser),
    },
    data: {
      build_id: watched.buildId,
      third_party_id: watched.tenant,
      parser_id: watched.parser,
      content_hash: watched.contentHash,
      job_name: watched.jobName,
      job_uid: watched.jobUid,
      attempt: watched.attempt,
      image_uri: watched.imageUri,
      status: outcome.status,
      ...(end.exitCode === undefined ? {} : { exit_code: end.exitCode }),
      ...(outcome.status === 'success'
        ? { image_digest: outcome.digest }
        : { error_message: outcome.cause.message, cause: outcome.cause }),
      correlation_id: watched.correlationId,
    },
  };
}
