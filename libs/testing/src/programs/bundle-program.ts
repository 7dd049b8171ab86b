import { basename, join } from 'node:path';

const WORKSPACE = join(__dirname, '../../../..');

/** Bundles a program of the specs (`<name>.program.ts`), to be run as a process of its own, into `folder`. Returns its path. */
export async function bundleProgram(entry: string, folder: string): Promise<string> {
  // Only here, since few specs need a bundler.
  const { rspack } = await import('@rspack/core');
  const filename = `${basename(entry, '.program.ts')}.js`;
  const compiler = rspack({
    mode: 'none',
    target: 'node22',
    context: WORKSPACE,
    entry,
    output: { path: folder, filename },
    resolve: {
      extensions: ['.ts', '.js'],
      alias: { '@slipway/domain': join(WORKSPACE, 'libs/domain/src/index.ts') },
    },
    module: {
      rules: [
        {
          test: /\.ts$/,
          loader: 'builtin:swc-loader',
          options: { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } },
        },
      ],
    },
  });
  await new Promise<void>((resolve, reject) => {
    compiler.run((error, stats) => {
      if (error ?? stats?.hasErrors()) reject(error ?? new Error(stats?.toString('errors-only')));
      else compiler.close(() => resolve());
    });
  });
  return join(folder, filename);
}
