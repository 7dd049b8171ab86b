export { BUILDERS, builderNamed } from './builders';
export { hostBuilder } from './host/host.builder';
export { operatorSettings } from './host/operator-settings';
export {
  functionCommand,
  type FunctionCommand,
  type FunctionCommandInput,
} from './host/image/function-command';
export { readImageManifest, type ImageManifest } from './host/image/image-manifest';
export { runHostBuild } from './host/program/run-host-build';
export { prepareWrapper, type PrepareWrapperInput } from './host/wrapper/prepare-wrapper';
