import { SlipwayError, type ContextEntry } from '@slipway/domain';
import { runtimeOf, type RuntimeChoice, type Runtimes } from '../data/load-runtimes';
import { textOf } from '../detect/source-files';
import { wrapperOf } from '../wrapper/wrapper-files';
import { scanned } from './find-start';
import { WRAPPER_FOLDER } from './image-plan';
import { render } from './template';

const TEMPLATE = '.template';

/**
 * The wrapper's files as they lie in a context that starts the handler in `file`. Fails with `runtime_unsupported` where
 * the version has no wrapper, with `source_invalid` where the function cannot be compiled into one.
 */
export function wrapperEntries(
  runtimes: Runtimes,
  choice: RuntimeChoice,
  entries: readonly ContextEntry[],
  file: string,
): ContextEntry[] {
  const wrapper = wrapperOf(runtimes, choice);
  if (!wrapper) throw withoutWrapper(runtimes, choice);
  const values = programValues(runtimes, choice, entries, file);
  return wrapper.files.map((entry) => {
    const path = `${WRAPPER_FOLDER}/${entry.path}`;
    if (!entry.path.endsWith(TEMPLATE)) return { ...entry, path, content: withOwnSums(entry, entries) };
    const content = Buffer.from(render(entry.content.toString('utf8'), values));
    return { ...entry, path: path.slice(0, -TEMPLATE.length), content };
  });
}

function withoutWrapper(runtimes: Runtimes, choice: RuntimeChoice): SlipwayError {
  const able = runtimeOf(runtimes, choice.family).versions.filter(({ wrapper }) => wrapper);
  return new SlipwayError(
    'runtime_unsupported',
    `${choice.family}${choice.version} runs only functions that serve PORT themselves; handlers need ` +
      `${able.map(({ version }) => choice.family + version).join(', ')}.`,
  );
}

/** What the placeholders of a compiled wrapper stand for; nothing where the wrapper loads the function by its path. */
function programValues(
  runtimes: Runtimes,
  { family }: RuntimeChoice,
  entries: readonly ContextEntry[],
  file: string,
): Record<string, string> {
  const { program, manifest } = runtimeOf(runtimes, family);
  if (!program) return {};
  const source = scanned(entries, file);
  if (program.refused_pattern.test(source)) {
    throw new SlipwayError(
      'source_invalid',
      `${file} has a handler in the package main, which cannot be imported: name the package otherwise.`,
    );
  }
  const module = program.module_pattern.exec(textOf(entries, manifest.file) ?? '')?.[1];
  if (module === undefined) throw new SlipwayError('source_invalid', `${manifest.file} names no module.`);
  const folder = file.split('/').slice(0, -1).join('/');
  if (!/^[A-Za-z0-9._~/-]*$/.test(folder))
    throw new SlipwayError('source_invalid', `${folder} is no name of a package.`);
  const call = program.calls.find(({ pattern }) => pattern.test(source))?.call ?? '';
  return { module, import: folder === '' ? module : `${module}/${folder}`, function: call };
}

/** Go verifies the function's dependencies by the main module's sums: those of the source stand beside the wrapper's. */
function withOwnSums(entry: ContextEntry, entries: readonly ContextEntry[]): Buffer {
  if (entry.path !== 'go.sum') return entry.content;
  const own = textOf(entries, 'go.sum', 4 * 1024 * 1024) ?? '';
  const lines = new Set(
    `${entry.content.toString('utf8')}\n${own}`.split('\n').filter((line) => line.trim() !== ''),
  );
  return Buffer.from([...lines].sort().join('\n') + '\n');
}
