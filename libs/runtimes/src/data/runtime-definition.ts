import { mounts, packageManager } from './package-manager-definition';
import { list, matching, object, oneOf, optional, pattern, text } from './reader';

const name = matching(/^[a-z][a-z0-9]{0,19}$/, 'lower-case letters and digits');
const versionNumber = matching(/^[0-9]+(\.[0-9]+)?$/, "a quoted version such as '24' or '3.13'");
const day = matching(/^\d{4}-\d{2}-\d{2}$/, 'a day such as 2027-04-30');
const command = optional(list(text));

const version = object({
  version: versionNumber,
  end_of_life: day,
  base_image: text,
  /** The name of a line with long-term support, as in `lts/jod`. */
  code_name: optional(name),
  /** Instead of the runtime's `command.script`. */
  script_command: command,
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
  /** Files and folders that an installation reads beside the manifest. */
  companions: list(text),
  companion_folders: list(text),
  /** Where a pattern is found in its file, or in a text of that object of a JSON file, an installation needs the whole source. */
  needs_source: list(object({ file: text, json: optional(text), pattern })),
  /** Places inside a JSON manifest, such as `scripts.start`. */
  main: optional(text),
  start_script: optional(text),
  build_script: optional(text),
});

/** One place where a source may say which version it wants: a key of a JSON or TOML file, or a pattern's first group. */
const versionHint = object({
  file: text,
  json: optional(text),
  toml: optional(text),
  pattern: optional(pattern),
  /** How the wish is written; see wish-formats.ts. */
  as: oneOf('semver', 'minimum', 'nvm', 'python', 'pyenv'),
});

/** Placeholders that the wrapper's program needs where a function is compiled into it. */
const program = object({
  module_pattern: pattern,
  /** A file in which this is found cannot be part of another program. */
  refused_pattern: pattern,
  calls: list(object({ pattern, call: text })),
});

const argument = matching(/^[A-Z][A-Z0-9_]*$/, 'the name of a build argument');

const image = object({
  /** Build argument that replaces the base image. */
  argument,
  /** The image of the last stage, where it is another one. */
  final: optional(object({ argument, image: text })),
  ...mounts,
  /** A Dockerfile of one stage, for sources whose build leaves nothing behind: a second one takes as long as the first. */
  plain_dockerfile: optional(text),
  wrapper_manifest: list(text),
  wrapper_install: text,
  /** `{package}` is replaced by the package manager's name and version. */
  package_manager_install: text,
  /**
   * The first whose file is there says how packages are installed; `{wrapper}` is replaced by `wrapper_option` where the
   * wrapper is used. Empty: by the package manager. `run_supplied`: where the source had no manifest; empty: not at all.
   */
  installs: list(object({ file: text, run: text, run_supplied: text })),
  wrapper_option: text,
  /** Folder of the source into which packages are installed; empty: they lie elsewhere. */
  packages_folder: text,
  /** Run on the finished source; `{app}` is replaced by the folder in which it then lies. */
  compile: text,
  build: object({ script: optional(text), handler: optional(text), file: optional(text) }),
  /** `{file}` is replaced by the file that is started. */
  command: object({ script: command, handler: command, file: command }),
});

/** What is not part of an image where a source has no `.dockerignore` of its own; patterns as in that file. */
const leftOut = object({
  always: list(text),
  /** What an installation makes anew, where the source has a manifest. */
  installed: list(text),
});

/** Folders that are noted where they are large, with what to do about it. */
const sizeHint = object({ folder: text, advice: text });

/** Sources that only some versions can run as they are. */
const typed = object({ extensions: list(text), versions: list(versionNumber) });

/** The contract of `runtime.yaml`, whose comments say what each field is for. */
export const runtimeDefinition = object({
  family: name,
  aliases: list(name),
  default_version: versionNumber,
  default_file: text,
  extensions: list(matching(/^\.[a-z]+$/, 'an extension such as .js')),
  manifest,
  /** Where a source may choose; the last is taken where it names none. */
  package_managers: list(packageManager),
  version_hints: list(versionHint),
  entry_files: list(text),
  /** `first`: the first entry file decides. `all`: every source file in the root is looked at. */
  entry_search: oneOf('first', 'all'),
  server_patterns: list(list(pattern)),
  handler_patterns: list(pattern),
  program: optional(program),
  typed: optional(typed),
  left_out: leftOut,
  size_hints: list(sizeHint),
  image,
  versions: list(version),
});

export type RuntimeVersion = ReturnType<typeof version>;
export type VersionHint = ReturnType<typeof versionHint>;
export type RuntimeDefinition = ReturnType<typeof runtimeDefinition>;
