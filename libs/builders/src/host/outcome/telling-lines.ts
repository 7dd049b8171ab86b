import type { ErrorCode } from '@slipway/domain';

type ToldCode = Extract<ErrorCode, 'dependency_install' | 'build_command' | 'disk_full' | 'oom'>;

/**
 * Lines of the tools that say what went wrong, the most telling first. Each comes from a recorded output (see
 * outcome.spec.ts).
 */
const TELLING: readonly (readonly [ToldCode, RegExp])[] = [
  ['disk_full', /ENOSPC|no space left on device/i],
  ['oom', /JavaScript heap out of memory|signal: killed|^MemoryError/],
  // npm
  ['dependency_install', /^npm error 404 .*could not be found/],
  ['dependency_install', /^npm error (notarget No matching|Missing: |Invalid: lock file)/],
  ['dependency_install', /^npm error (peer|peerOptional) /],
  ['dependency_install', /^npm error (code (?!ELIFECYCLE)E[A-Z0-9]+|JSON\.parse)/],
  // pip
  [
    'dependency_install',
    /^ERROR: (No matching distribution|Cannot install|Invalid requirement|Could not build wheels|Failed building wheel)/,
  ],
  ['dependency_install', /^ERROR: /],
  // go
  ['dependency_install', /^go\.mod:\d+: /],
  ['dependency_install', /^go: .*(unknown revision|requires go >=|checksum mismatch|missing go\.sum entry)/],
  [
    'dependency_install',
    /: module .*: |no required module provides package|cannot find module providing package/,
  ],
  ['build_command', /error TS\d+:/],
  ['build_command', /^(\.{0,2}\/|[\w.-]+\/)*[\w.-]+\.go:\d+(:\d+)?: /],
  ['build_command', /^\s*(SyntaxError|IndentationError|TabError): /],
  ['build_command', /^([A-Z]\w*)?Error: /],
  ['build_command', /^npm error (Missing script|Lifecycle script)/],
];

/** The registry or the way to it was at fault, not the manifest: the same build may succeed later. */
const NETWORK =
  /^npm error code (ETIMEDOUT|ECONNRESET|ECONNREFUSED|EAI_AGAIN|ENOTFOUND|E5\d\d)|(ReadTimeoutError|NewConnectionError|ConnectionResetError)|^go: .*(i\/o timeout|connection refused|no such host|5\d\d [A-Z])/;

export interface Told {
  code: ToldCode;
  line: string;
}

/** What the output tells. Where `code` is known already, only lines that fit it count. */
export function tellingLine(lines: readonly string[], code?: ErrorCode): Told | undefined {
  for (const [told, pattern] of TELLING) {
    const fits = code === undefined || told === code || told === 'disk_full';
    const line = fits ? lines.find((each) => pattern.test(each)) : undefined;
    if (line !== undefined) return { code: told, line: line.trim().slice(0, 500) };
  }
  return undefined;
}

export function isNetworkTrouble(lines: readonly string[]): boolean {
  return lines.some((line) => NETWORK.test(line));
}
