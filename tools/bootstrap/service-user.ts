import { chownSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ServiceUser {
  name: string;
  uid: number;
  gid: number;
}

/** The first of the names that /etc/passwd knows. */
export function findUser(names: readonly string[], passwd: string): ServiceUser | undefined {
  const rows = passwd.split('\n').map((line) => line.split(':'));
  for (const wanted of names) {
    const row = rows.find(([name]) => name === wanted);
    if (row) return { name: wanted, uid: Number(row[2]), gid: Number(row[3]) };
  }
  return undefined;
}

/**
 * The user that a server runs as: undefined means "as we do", which is right for everybody but root. PostgreSQL
 * refuses root, and a broker has no need of it.
 */
export function serviceUser(asRoot: boolean, ...names: string[]): ServiceUser | undefined {
  return asRoot ? findUser([...names, 'nobody'], readFileSync('/etc/passwd', 'utf8')) : undefined;
}

/** Gives a folder and all below it to the user. Links are not followed. */
export function giveFolder(path: string, user: ServiceUser | undefined): void {
  if (!user) return;
  chownSync(path, user.uid, user.gid);
  for (const entry of readdirSync(path)) {
    const child = join(path, entry);
    const kind = lstatSync(child);
    if (kind.isDirectory()) giveFolder(child, user);
    else if (kind.isFile()) chownSync(child, user.uid, user.gid);
  }
}
