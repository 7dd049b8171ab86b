export { hasCode, readJson, writeJson } from './files/json-file';
export { removeTree } from './files/remove-tree';
export { imageFolder } from './images/image-store';
export { LocalImageRegistry } from './images/local-image-registry';
export { LocalBuildLogSource } from './jobs/local-build-log-source';
export { LocalBuildObserver, type LocalBuildObserverOptions } from './jobs/local-build-observer';
export { LocalBuildRunner, type LocalBuildRunnerOptions } from './jobs/local-build-runner';
export { stateLayout, type StateLayout } from './layout/state-layout';
export { endFamily, type Family } from './processes/family';
export { identityOf, isAlive, ownIdentity, type ProcessIdentity } from './processes/process-identity';
export { reachableCopy } from './programs/reachable-copy';
export { localFunctionCommand, type FunctionCommand } from './services/function-command';
export { LocalServiceRunner, type LocalServiceRunnerOptions } from './services/local-service-runner';
export {
  currentFile,
  revisionFile,
  serviceFolder,
  type CurrentRecord,
  type GatewayAddress,
  type RevisionRecord,
} from './services/service-record';
export { runSupervisor, type SupervisorTools } from './supervisor/run-supervisor';
export { TenantUsers, type UnixUser } from './tenants/tenant-users';
