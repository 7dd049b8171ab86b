/** The states of a build. `pending` and `running` are live, the others are terminal: nothing leaves them. */
export const BUILD_STATUSES = ['pending', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type BuildStatus = (typeof BUILD_STATUSES)[number];

/** What a live build is doing, in the order in which it happens. Phases may be skipped, never taken back within one attempt. */
export const BUILD_PHASES = [
  'accepted',
  'preparing',
  'queued',
  'starting',
  'building',
  'pushing',
  'done',
] as const;
export type BuildPhase = (typeof BUILD_PHASES)[number];

export const DEPLOYMENT_STATUSES = ['none', 'pending', 'ready', 'failed', 'superseded', 'deleted'] as const;
export type DeploymentStatus = (typeof DEPLOYMENT_STATUSES)[number];

/** What a builder leaves behind. `uri` names the place, `digest` (`sha256:` + 64 hex) the content. */
export interface Artifact {
  kind: 'image' | 'site';
  uri: string;
  digest: string;
}

export function isTerminal(status: BuildStatus): boolean {
  return status !== 'pending' && status !== 'running';
}
