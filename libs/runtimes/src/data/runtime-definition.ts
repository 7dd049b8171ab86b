import { list, matching, object, oneOf, optional, pattern, text } from './reader';

const name = matching(/^[a-z][a-z0-9]{0,19}$/, 'lower-case letters and digits');
const versionNumber = matching(/^[0-9]+(\.[0-9]+)?$/, "a quoted version such as '24' or '3.13'");
const day = matching(/^\d{4}-\d{2}-\d{2}$/, 'a day such as 2027-04-30');
const command = optional(list(text));

const version = object({
  version: versionNumber,
  end_of_life: day,
  base_image: text,
  /** Absent: functions of this version must serve PORT themselves. */
  wrapper: optional(object({ package: text, version: text, lock: text })),
});

const manifest = object({
  /** What lists the dependencies. */
  file: text,
  /** File of the scaffold that is supplied where the source has no manifest. */
  scaffold: text,
  lock_files: list(text),
  /** Files that say the same in another way; where one is there, no manifest is supplied. */
  others: list(text),
  /** Places inside a JSON manifest, such as `scripts.start`. */
  main: optional(text),
  start_script: optional(text),
  build_script: optional(text),
});

const versionHint = object({
  file: text,
  pattern: optional(pattern),
  json: optional(text),
  as: oneOf('exact', 'minimum', 'range'),
});

/** Placeholders that the wrapper's program needs where a function is compiled into it. */
const program = object({
  module_pattern: pattern,
  /** A file in which this is found cannot be part of another program. */
  refused_pattern: pattern,
  calls: list(object({ pattern, call: text })),
});

const image = object({
  /** Build argument that replaces the base image. */
  argument: matching(/^[A-Z][A-Z0-9_]*$/, 'the name of a build argument'),
  wrapper_manifest: list(text),
  wrapper_install: text,
  install: text,
  /** Instead of `install` where a lock file is there; empty: the same. */
  install_locked: text,
  /** Instead of either where the source has a build script. */
  install_to_build: text,
  build_script: text,
  build: object({ script: optional(text), handler: optional(text), file: optional(text) }),
  /** `{file}` is replaced by the file that is started. */
  command: object({ script: command, handler: command, file: command }),
});

/** The contract of `runtime.yaml`, whose comments say what each field is for. */
export const runtimeDefinition = object({
  family: name,
  aliases: list(name),
  default_version: versionNumber,
  default_file: text,
  extensions: list(matching(/^\.[a-z]+$/, 'an extension such as .js')),
  manifest,
  version_hints: list(versionHint),
  entry_files: list(text),
  /** `first`: the first entry file decides. `all`: every source file in the root is looked at. */
  entry_search: oneOf('first', 'all'),
  server_patterns: list(list(pattern)),
  handler_patterns: list(pattern),
  program: optional(program),
  image,
  versions: list(version),
});

export type RuntimeVersion = ReturnType<typeof version>;
export type VersionHint = ReturnType<typeof versionHint>;
export type RuntimeDefinition = ReturnType<typeof runtimeDefinition>;
