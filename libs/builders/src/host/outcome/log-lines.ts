import type { ErrorCode } from '@slipway/domain';

/** Failures that the build program names itself, because it knows in which step it was. */
export type BuildFailureCode = Extract<
  ErrorCode,
  | 'builder_unsupported'
  | 'source_invalid'
  | 'dependency_install'
  | 'build_command'
  | 'runtime_unsupported'
  | 'disk_full'
>;

const FAILED =
  /^\[slipway\] failed (builder_unsupported|source_invalid|dependency_install|build_command|runtime_unsupported|disk_full): (.*)$/;

export function stepLine(step: string, detail: string): string {
  return `[slipway] ${step}: ${detail}`;
}

export function failedLine(code: BuildFailureCode, message: string): string {
  return `[slipway] failed ${code}: ${message.replace(/\s+/g, ' ')}`;
}

const RUNTIME = stepLine('runtime', '');

/** What the program said of the language version that it used. */
export function runtimeIn(lines: readonly string[]): string | undefined {
  return lines.find((line) => line.startsWith(RUNTIME))?.slice(RUNTIME.length);
}

/** The last failure that the program named, which is the one that ended it. */
export function failureIn(lines: readonly string[]): { code: BuildFailureCode; message: string } | undefined {
  const found = lines.findLast((line) => FAILED.test(line));
  const [, code, message = ''] = FAILED.exec(found ?? '') ?? [];
  return code === undefined ? undefined : { code: code as BuildFailureCode, message };
}
