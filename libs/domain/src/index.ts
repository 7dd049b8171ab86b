export {
  BUILD_PHASES,
  BUILD_STATUSES,
  DEPLOYMENT_STATUSES,
  isTerminal,
  type Artifact,
  type BuildPhase,
  type BuildStatus,
  type DeploymentStatus,
} from './build/build';
export {
  TRANSITIONS,
  allows,
  type Transition,
  type TransitionName,
  type TransitionOwner,
} from './build/transitions';
export { ERROR_CATALOGUE, isErrorCode, type ErrorCode, type ErrorEntry } from './errors/catalogue';
export {
  SlipwayError,
  causeOf,
  isSlipwayError,
  type Cause,
  type FieldProblem,
  type SlipwayErrorOptions,
} from './errors/slipway-error';
export { FAULT_POINTS, armFaultPoints, reach, type FaultPoint } from './faults/fault-points';
export {
  DEPLOY_OPTION_KEYS,
  matches,
  triggersOf,
  type DeployOptionKey,
  type DeployOptions,
  type FunctionIds,
  type TriggerSpec,
} from './function/function';
export { byPath, identityOf, type ContextEntry, type IdentityInput } from './identity/identity';
export {
  ID_PATTERN,
  ID_RULE,
  buildIdOf,
  contextConfigMapOf,
  contextKeyOf,
  contextOwnerIn,
  digestReferenceOf,
  imageUriOf,
  jobNameOf,
  labelValueOf,
  partitionKeyOf,
  revisionNameOf,
  serviceNameOf,
  slug,
  type EventKey,
  type ImageName,
} from './names/names';
export {
  BuildLogSource,
  BuildObserver,
  BuildRunner,
  type BuildOutcome,
  type Builder,
  type BuilderPlan,
  type ContainerEnd,
  type ContainerSpec,
  type EndReason,
  type JobSpec,
  type JobState,
  type LogChunk,
} from './ports/build-runner';
export { Clock, Ids } from './ports/clock';
export { ContextStores } from './contexts/context-stores';
export {
  ContextStore,
  type ContextGrant,
  type ContextName,
  type ContextReference,
  type ContextStoreKind,
  type StoredContext,
} from './ports/context-store';
export { ImageRegistry } from './ports/image-registry';
export { ObjectStore, type ObjectInfo } from './ports/object-store';
export { ServiceRunner, type ServiceSpec, type ServiceState } from './ports/service-runner';
export { SourceFetcher, type FetchedSource, type SourceSpec } from './ports/source-fetcher';
