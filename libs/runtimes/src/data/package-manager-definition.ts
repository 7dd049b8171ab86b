import { validRange } from 'semver';
import { list, matching, object, optional, pattern, text, type Reader } from './reader';

/** A range of versions as npm writes it. */
const range: Reader<string> = (value, place) => {
  if (validRange(text(value, place)) === null) throw new Error(`${place}: expected a range of versions`);
  return value as string;
};

const commands = list(list(text));

/** What an installation needs or makes, and never becomes part of an image. */
export const mounts = {
  /** Settings and credentials of a package registry: build-time secrets, mounted while packages are installed. */
  secrets: list(object({ id: text, target: text })),
  /** Folders that it keeps for itself, and that are removed behind it. */
  caches: list(text),
};

/** A program that installs packages. A release line is chosen by version, else by what the lock file says. */
export const packageManager = object({
  name: matching(/^[a-z]+$/, 'lower-case letters'),
  /** What it is called in its registry, from which the wanted version is installed. */
  package: text,
  /** The preferred one first. */
  lock_files: list(text),
  ...mounts,
  releases: list(
    object({
      versions: range,
      /** Versions of the language that it runs on. */
      needs: range,
      /** Used where the source names no version. Absent: the one that comes with the language. */
      default_version: optional(text),
      /** Found in a lock file that this line wrote. */
      lock_pattern: optional(pattern),
    }),
  ),
  /** `NAME=value` for each of its commands. */
  environment: list(matching(/^[A-Za-z_]+=\S*$/, 'NAME=value')),
  /** Without development dependencies; `…_locked` where its lock file is there. */
  install: commands,
  install_locked: commands,
  /** With development dependencies, for a build script. */
  install_to_build: commands,
  install_to_build_locked: commands,
  build: commands,
  /** Removes development dependencies after the build. */
  prune: commands,
});

export type PackageManagerDefinition = ReturnType<typeof packageManager>;
