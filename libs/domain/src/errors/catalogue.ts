/**
 * Every failure that Slipway reports, in one place. `docs/errors.md` shows the same rows and a spec compares the two.
 * `status` is the HTTP status where the failure answers a request; `retryable` tells whether the same input may succeed later.
 */
export interface ErrorEntry {
  readonly title: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly hint: string;
}

export const ERROR_CATALOGUE = {
  invalid_event: {
    title: 'The input is not valid',
    status: 422,
    retryable: false,
    hint: 'Correct what errors[] names and send it again.',
  },
  not_a_cloudevent: {
    title: 'The message is not a CloudEvent',
    status: 400,
    retryable: false,
    hint: 'Send a CloudEvent 1.0 in binary, structured or (HTTP only) batch mode.',
  },
  unknown_event_type: {
    title: 'The event type is not known',
    status: 422,
    retryable: false,
    hint: 'Use a type of the event catalogue (docs/events.md).',
  },
  event_id_reused: {
    title: 'The event id was used before with another content',
    status: 422,
    retryable: false,
    hint: 'Give each new event a new id; repeat an id only with the very same content.',
  },
  unsupported_media_type: {
    title: 'The content type is not supported',
    status: 415,
    retryable: false,
    hint: 'Send application/json, application/cloudevents+json or application/cloudevents-batch+json.',
  },
  payload_too_large: {
    title: 'The body is too large',
    status: 413,
    retryable: false,
    hint: 'Put large source into the object store and name its key.',
  },
  not_found: { title: 'Not found', status: 404, retryable: false, hint: 'Check the id.' },
  unknown_build: {
    title: 'The build is not known',
    status: 404,
    retryable: false,
    hint: 'Check the build id; builds are kept for 90 days.',
  },
  build_terminal: {
    title: 'The build has already ended',
    status: 409,
    retryable: false,
    hint: 'A build that succeeded or failed cannot be cancelled; start a new one instead.',
  },
  queue_full: {
    title: 'Too many builds are waiting',
    status: 429,
    retryable: true,
    hint: 'Send the event again after the time that Retry-After names.',
  },
  unavailable: {
    title: 'A part that is needed is away',
    status: 503,
    retryable: true,
    hint: 'Try again in a moment; /readyz?verbose names the part.',
  },
  internal_error: {
    title: 'Slipway failed',
    status: 500,
    retryable: true,
    hint: 'Look for the correlation id in the logs of the app.',
  },
  runtime_unsupported: {
    title: 'The runtime is not supported',
    status: 422,
    retryable: false,
    hint: 'Use one of the runtimes that docs/runtimes.md lists.',
  },
  builder_unsupported: {
    title: 'This builder cannot build such a source',
    status: 422,
    retryable: false,
    hint: 'Leave the Dockerfile out, or use a platform whose builder reads Dockerfiles.',
  },
  source_kind_unsupported: {
    title: 'This kind of source is not supported',
    status: 422,
    retryable: false,
    hint: 'Use an object key, inline files, the URL of an archive, or that of a git repository.',
  },
  source_missing: {
    title: 'The source was not found',
    status: 422,
    retryable: false,
    hint: 'Upload the source before the build is started, and check the key or URL.',
  },
  source_denied: {
    title: 'Access to the source was denied',
    status: 422,
    retryable: false,
    hint: 'Check the permissions of the object store or of the archive URL.',
  },
  source_invalid: {
    title: 'The source cannot be used',
    status: 422,
    retryable: false,
    hint: 'Send regular files only, with relative paths and no links.',
  },
  source_too_large: {
    title: 'The source is too large',
    status: 422,
    retryable: false,
    hint: 'Leave out dependencies and build results such as node_modules; the limits are settings.',
  },
  source_url_refused: {
    title: 'The address of the source is not allowed',
    status: 422,
    retryable: false,
    hint: 'Use a public https address, or let the operator add the host to SOURCE_HTTP_HOSTS.',
  },
  source_unreachable: {
    title: 'The source could not be fetched',
    status: 502,
    retryable: true,
    hint: 'The server of the source did not answer properly; the build is tried again by itself.',
  },
  source_bucket_missing: {
    title: 'The bucket of the source was not found',
    status: 422,
    retryable: false,
    hint: 'Check the name of the bucket, and the region and address of the object store.',
  },
  source_timeout: {
    title: 'The source did not come in time',
    status: 504,
    retryable: true,
    hint: 'The server of the source was too slow; the build is tried again by itself.',
  },
  source_truncated: {
    title: 'The source did not arrive whole',
    status: 502,
    retryable: true,
    hint: 'The connection to the server of the source broke; the build is tried again by itself.',
  },
  source_changed: {
    title: 'The source changed while it was read',
    status: 409,
    retryable: true,
    hint: 'Upload the whole source before the build is started; the build is tried again by itself.',
  },
  source_throttled: {
    title: 'The server of the source asks for fewer requests',
    status: 503,
    retryable: true,
    hint: 'It answers 429, 503 or SlowDown; the build is tried again by itself.',
  },
  context_store_unsupported: {
    title: 'This context store is not available',
    status: 422,
    retryable: false,
    hint: 'Leave context_store out, or name one that the operator has configured (CONTEXT_STORE, CONTEXT_BUCKET, BUILD_NAMESPACE).',
  },
  context_too_large: {
    title: 'The context is too large for its store',
    status: 422,
    retryable: false,
    hint: 'Leave large files out, name the context_store s3, or let the operator set CONTEXT_OVERFLOW=on and CONTEXT_BUCKET.',
  },
  context_name_taken: {
    title: 'The place of the context is taken',
    status: 409,
    retryable: false,
    hint: 'Remove what has its name if nothing needs it, or name another context_store.',
  },
  dependency_install: {
    title: 'A dependency could not be installed',
    status: 422,
    retryable: false,
    hint: 'Check the names and versions in the manifest, and that its lock file matches.',
  },
  build_command: {
    title: 'The build command failed',
    status: 422,
    retryable: false,
    hint: 'The log shows what the compiler or the build script said.',
  },
  builder_crashed: {
    title: 'The builder ended unexpectedly',
    status: 500,
    retryable: true,
    hint: 'The log shows its last words; the build is tried again by itself.',
  },
  oom: {
    title: 'The build needed more memory than it may use',
    status: 422,
    retryable: false,
    hint: 'Make the build smaller or raise BUILD_MEMORY_LIMIT.',
  },
  deadline: {
    title: 'The build took longer than its time limit',
    status: 422,
    retryable: false,
    hint: 'Raise build_timeout, or find in the log what took so long.',
  },
  disk_full: {
    title: 'The builder ran out of disk space',
    status: 507,
    retryable: true,
    hint: 'Free space on the disk of the builder.',
  },
  lost: {
    title: 'The builder vanished',
    status: 500,
    retryable: true,
    hint: 'Its machine or process went away; the build is tried again by itself.',
  },
  artifact_unverified: {
    title: 'What the builder reported could not be verified',
    status: 500,
    retryable: true,
    hint: 'The registry does not hold the digest that was reported; the build is tried again by itself.',
  },
  function_crashed: {
    title: 'The function ended while it was starting',
    status: 422,
    retryable: false,
    hint: 'log_line holds its last words; a file that exports no handler must listen on PORT. The earlier version goes on serving.',
  },
  function_not_ready: {
    title: 'The function did not become ready in time',
    status: 422,
    retryable: false,
    hint: 'It must listen on the port in PORT and answer /health/readiness; the earlier version goes on serving.',
  },
  function_timeout: {
    title: 'The function did not answer in time',
    status: 504,
    retryable: true,
    hint: 'Make it faster, or raise timeout_seconds among the deploy options.',
  },
  function_failed: {
    title: 'The function answered with an error',
    status: 502,
    retryable: true,
    hint: 'Look at the log of the function.',
  },
  function_rejected: {
    title: 'The function refused the event',
    status: 502,
    retryable: false,
    hint: 'It must answer an event with 2xx and either another event or nothing.',
  },
  deploy_failed: {
    title: 'The function could not be deployed',
    status: 500,
    retryable: true,
    hint: 'The platform refused it; the earlier version goes on serving.',
  },
  event_loop: {
    title: 'The event has travelled in a circle',
    status: 508,
    retryable: false,
    hint: 'A function must not answer an event with one that leads back to itself.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

/** Whether a value that somebody else wrote is a code of the catalogue; names that every object has are none. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERROR_CATALOGUE, value);
}
