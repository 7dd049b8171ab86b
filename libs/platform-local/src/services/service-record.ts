import { join } from 'node:path';
import type { DeployOptions, TriggerSpec } from '@slipway/domain';
import { folderName, stateLayout } from '../layout/state-layout';

/** `services/{service}/{revision}.json`: all that the gateway needs to run it. Equal names mean equal content. */
export interface RevisionRecord {
  service: string;
  revision: string;
  tenant: string;
  parser: string;
  /** `sha256:` + 64 hex; the image's folder follows from it. */
  digest: string;
  options: DeployOptions;
  triggers: TriggerSpec[];
}

/** `services/{service}/current.json`: which revision serves, and the wish that made it so. */
export interface CurrentRecord {
  revision: string;
  sequence: number;
  url: string;
}

/** `gateway.json`: where a trial is asked for. The token shows that the file could be read. */
export interface GatewayAddress {
  port: number;
  token: string;
  pid: number;
}

export function serviceFolder(root: string, service: string): string {
  return join(stateLayout(root).services, folderName(service));
}

export function revisionFile(root: string, service: string, revision: string): string {
  return join(serviceFolder(root, service), `${folderName(revision)}.json`);
}

/** Touched after each change, so that whoever watches the services folder need not watch all that lies below it. */
export function changeHint(root: string): string {
  return join(stateLayout(root).services, '.changed');
}

export function currentFile(root: string, service: string): string {
  return join(serviceFolder(root, service), 'current.json');
}
