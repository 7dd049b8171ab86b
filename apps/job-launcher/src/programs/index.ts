import { join } from 'node:path';

export interface LocalPrograms {
  supervisorProgram: string;
  hostBuilderProgram: string;
  sidecarProgram: string;
}

/** Where the programs of the local platform lie beside this app's own bundle. */
export function localPrograms(bundle = __dirname): LocalPrograms {
  return {
    supervisorProgram: join(bundle, 'supervisor.js'),
    hostBuilderProgram: join(bundle, 'host-builder.js'),
    sidecarProgram: join(bundle, '..', 'sidecar-monitor', 'main.js'),
  };
}
