import type { ErrorCode } from '@slipway/domain';

type ToldCode = Extract<ErrorCode, 'dependency_install' | 'build_command' | 'disk_full' | 'oom'>;

/** Go finds out only while it builds, but it is the manifest that is wrong. */
const MISSING_MODULE = /missing go\.sum entry|no required module provides package/;

/**
 * Lines of the tools that say what went wrong, the most telling first. Each comes from a recorded output (see
 * test/recorded). The lines are a tenant's to choose: no pattern may take more than linear time on any of them.
 */
const TELLING: readonly (readonly [ToldCode, RegExp])[] = [
  ['disk_full', /ENOSPC|no space left on device/i],
  ['oom', /JavaScript heap out of memory|signal: killed|^MemoryError/],
  // npm
  ['dependency_install', /^npm error 404 .*(could not be found|is not in this registry)/],
  ['dependency_install', /^npm error (notarget No matching|Missing: |Invalid: lock file)/],
  ['dependency_install', /^npm error (peer|peerOptional) /],
  ['dependency_install', /^npm error .*integrity checksum failed/],
  ['dependency_install', /^npm error (code (?!ELIFECYCLE)E[A-Z0-9]+|JSON\.parse)/],
  // pnpm; from 12 on the sentence follows in lines of its own
  ['dependency_install', /^\W*(Error: )?ERR_PNPM_[A-Z0-9_]+/],
  // Yarn classic; from 2 on Yarn numbers its lines (yarnpkg.com/advanced/error-codes)
  ['dependency_install', /^error (?!Command failed)\S/],
  ['dependency_install', /YN0028: │ The lockfile would have been/],
  ['dependency_install', /YN00(01|09|1[068]|20|35|41|56|8[02]): │ \S/],
  // pip
  [
    'dependency_install',
    /^ERROR: (No matching distribution|Cannot install|Invalid requirement|Could not build wheels|Failed building wheel)/,
  ],
  ['dependency_install', /^ERROR: /],
  // go
  ['dependency_install', /verifying \S+: checksum mismatch$/],
  ['dependency_install', /^go\.mod:\d+: /],
  ['dependency_install', /^go: .*(unknown revision|requires go >=|: reading |refusing to pass credentials)/],
  ['dependency_install', MISSING_MODULE],
  ['dependency_install', /: module .*: |cannot find module providing package/],
  ['build_command', /error TS\d+:/],
  ['build_command', /^[\w./-]+\.go:\d+(:\d+)?: /],
  ['build_command', /^\s*(SyntaxError|IndentationError|TabError): /],
  ['build_command', /^([A-Z]\w*)?Error: /],
  ['build_command', /^npm error (Missing script|Lifecycle script)/],
];

/** The registry or the way to it was at fault, not the manifest: the same build may succeed later. */
const NETWORK =
  /\b(ETIMEDOUT|ECONNRESET|ECONNREFUSED|EAI_AGAIN|ENOTFOUND)\b|^npm error code E5\d\d|ERR_PNPM_FETCH_5\d\d|Response Code: 5\d\d|(ReadTimeoutError|NewConnectionError|ConnectionResetError)|^go: .*(i\/o timeout|connection refused|no such host|5\d\d [A-Z])/;

export interface Told {
  code: ToldCode;
  line: string;
}

/** What the output tells. Where `code` is known already, only lines that fit it count, or that know better. */
export function tellingLine(lines: readonly string[], code?: ErrorCode): Told | undefined {
  for (const [told, pattern] of TELLING) {
    const fits = code === undefined || told === code || told === 'disk_full' || pattern === MISSING_MODULE;
    const line = fits ? lines.find((each) => pattern.test(each)) : undefined;
    if (line !== undefined) return { code: told, line: line.trim().slice(0, 500) };
  }
  return undefined;
}

export function isNetworkTrouble(lines: readonly string[]): boolean {
  return lines.some((line) => NETWORK.test(line));
}
