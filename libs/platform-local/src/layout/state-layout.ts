import { join } from 'node:path';

/** The folders of the `local` platform below its state folder. Nothing else of ours writes there. */
export interface StateLayout {
  jobs: string;
  images: string;
  services: string;
  cache: string;
  wrappers: string;
  programs: string;
  tenants: string;
  /** Where the gateway says how it can be reached: `{port, token, pid}`. */
  gatewayFile: string;
}

export function stateLayout(root: string): StateLayout {
  return {
    jobs: join(root, 'jobs'),
    images: join(root, 'images'),
    services: join(root, 'services'),
    cache: join(root, 'cache'),
    wrappers: join(root, 'wrappers'),
    programs: join(root, 'programs'),
    tenants: join(root, 'tenants'),
    gatewayFile: join(root, 'gateway.json'),
  };
}

const NAME = /^[a-z0-9][a-z0-9-]{0,99}$/;

export function isFolderName(name: string): boolean {
  return NAME.test(name);
}

/** Names become folder names, so only what `names.ts` makes is let through; anything else is a programming error. */
export function folderName(name: string): string {
  if (!isFolderName(name)) throw new Error(`not a name of ours: ${JSON.stringify(name)}`);
  return name;
}
