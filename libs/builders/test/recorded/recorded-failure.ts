import type { ErrorCode } from '@slipway/domain';

/** What a tool printed under the build program around its failure, and what that means. Names of registries are changed. */
export type RecordedFailure = [what: string, lines: string[], code: ErrorCode, logLine: string];
