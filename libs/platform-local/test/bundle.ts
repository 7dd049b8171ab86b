import { join } from 'node:path';
import { rspack } from '@rspack/core';

const WORKSPACE = join(__dirname, '../../..');

/** Bundles a program of the specs into `folder`, because a supervisor is a process of its own. */
export async function bundle(entry: string, folder: string): Promise<string> {
  const compiler = rspack({
    mode: 'none',
    target: 'node22',
    context: WORKSPACE,
    entry: join(__dirname, entry),
    output: { path: folder, filename: 'supervisor.js' },
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
  return join(folder, 'supervisor.js');
}
