export {
  loadRuntimes,
  runtimeOf,
  runtimesFolder,
  type Runtime,
  type RuntimeChoice,
  type Runtimes,
} from './data/load-runtimes';
export { isRuntimeName, runtimeNames } from './names/runtime-names';
export { resolveRuntime, type ResolvedRuntime } from './detect/resolve-runtime';
export {
  packageManagerOf,
  packageManagerOrders,
  type FoundPackageManager,
  type PackageManager,
  type PackageManagerOrders,
} from './detect/package-manager';
export {
  OWN_FOLDER,
  PLAN_FILE,
  WRAPPER_FOLDER,
  readImagePlan,
  type ImagePlan,
  type Start,
} from './plan/image-plan';
export type { ImageSettings } from './plan/images';
export { defaultFileName, planContext, type ContextPlan, type PlanInput } from './plan/plan-context';
export { wrapperOf, type Wrapper } from './wrapper/wrapper-files';
