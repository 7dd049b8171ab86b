export { openConfigMapStores, type ConfigMapConfig } from './open-context-stores';
