/** The queues of Slipway (`libs/contracts`, QUEUES), whose dead letters lie in `{queue}-dlq`. */
export const QUEUES: readonly string[] = [
  'lambda-build-events',
  'lambda-build-cancels',
  'build-contexts',
  'kaniko-jobs',
  'build-reports',
  'lambda-service-events',
  'function-events',
  'parser-results',
];
