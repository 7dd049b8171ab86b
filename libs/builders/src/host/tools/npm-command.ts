import { programsNamed } from './find-programs';

/** How npm is run by a given Node: a program and its first arguments. Throws where PATH has no npm. */
export function npmCommand(node: string, searchPath: string): [string, ...string[]] {
  const [npm] = programsNamed('npm', searchPath);
  if (npm === undefined) throw new Error('npm is not on PATH');
  // The link on PATH leads to npm's own script, whose first line would start another Node.
  return npm.endsWith('.js') ? [node, npm] : [npm];
}
