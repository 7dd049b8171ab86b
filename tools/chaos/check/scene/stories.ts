import { ACCEPTED, PREPARING, QUEUED, type BuildStory } from './build-story.ts';

/** Looks different in JSON and in a URL. */
export const SECRET = 'se"cret/pass word';

export const HEX = 'd'.repeat(64);
export const DIGEST = `sha256:${HEX}`;
export const GREET = 'lambda-acme-greet-0123456789';
export const OTHER = 'lambda-acme-other-0123456789';

/** Built by a Job and deployed. */
export const BUILT: BuildStory = {
  buildId: 'build-acme-greet-0000000001',
  tenant: 'acme',
  parser: 'greet',
  eventId: 'start-1',
  changes: [
    ACCEPTED,
    PREPARING,
    QUEUED,
    ['status.update', 'running', 'starting', 1],
    ['status.update', 'running', 'building', 1],
    ['build.complete', 'succeeded', 'done', 1],
  ],
};

/** Another function of the tenant with the same content. */
export const REUSED: BuildStory = {
  buildId: 'build-acme-other-0000000002',
  tenant: 'acme',
  parser: 'other',
  eventId: 'start-2',
  changes: [ACCEPTED, PREPARING, ['build.complete', 'succeeded', 'done', 0]],
};

/** Failed at its second attempt. */
export const FAILED: BuildStory = {
  buildId: 'build-acme-greet-0000000003',
  tenant: 'acme',
  parser: 'greet',
  eventId: 'start-3',
  changes: [
    ACCEPTED,
    PREPARING,
    QUEUED,
    ['status.update', 'running', 'starting', 1],
    ['status.update', 'pending', 'queued', 1],
    ['status.update', 'running', 'starting', 2],
    ['build.failed', 'failed', 'done', 2],
  ],
};

/** Cancelled over REST while its Job ran. */
export const CANCELLED: BuildStory = {
  buildId: 'build-globex-greet-0000000004',
  tenant: 'globex',
  parser: 'greet',
  eventId: 'start-4',
  changes: [
    ACCEPTED,
    PREPARING,
    QUEUED,
    ['status.update', 'running', 'starting', 1],
    ['build.cancelled', 'cancelled', 'done', 1],
  ],
};

export const IDENTITIES = { built: 'a'.repeat(64), failed: 'b'.repeat(64), cancelled: 'c'.repeat(64) };

/** What the client of BUILT sent over the broker. */
export const START_DATA = { runtime: 'nodejs24', code: 'é\n' };
