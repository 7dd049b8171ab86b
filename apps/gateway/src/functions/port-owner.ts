import { readFileSync } from 'node:fs';

const LISTEN = '0A';

/** Whether every socket that listens on this port belongs to the user. Linux tells it in `/proc/net`. */
export function isListenedToBy(uid: number, port: number): boolean {
  const owners = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => listenersOf(readTable(file), port));
  return owners.length > 0 && owners.every((owner) => owner === uid);
}

/** The uids of the listening sockets of a table in the form of `/proc/net/tcp`. */
export function listenersOf(table: string, port: number): number[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === LISTEN && local?.endsWith(`:${hex}`))
    .map((fields) => Number(fields[7]));
}

function readTable(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    // A machine without IPv6 has no table of it.
    return '';
  }
}
