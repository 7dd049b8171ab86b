import { randomBytes } from 'node:crypto';
import { readJsonFile, writeJsonFile } from './json-file.ts';

/** Passwords of the servers that we start ourselves, base64url so that they can stand in a URL as they are. */
export interface Secrets {
  database: string;
  broker: string;
  sidecar: string;
  cookie: string;
}

/** The clone's passwords; drawn at first use, the same ever after, since the servers' data holds their hashes. */
export function loadSecrets(path: string): Secrets {
  const kept = readJsonFile<Secrets>(path);
  if (kept) return kept;
  const draw = () => randomBytes(24).toString('base64url');
  const drawn = { database: draw(), broker: draw(), sidecar: draw(), cookie: draw() };
  writeJsonFile(path, drawn);
  return drawn;
}
