import { join } from 'node:path';
import { rspack } from '@rspack/core';

const WORKSPACE = join(__dirname, '../../..');

/** Bundles a program of the specs (`<name>.program.ts`) into `folder`. Returns its path. */
export async function bundleProgram(name: string, folder: string): Promise<string> {
  const compiler = rspack({
    mode: 'none',
    target: 'node22',
    context: WORKSPACE,
    entry: join(__dirname, `${name}.program.ts`),
    output: { path: folder, filename: `${name}.js` },
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
  return join(folder, `${name}.js`);
}
