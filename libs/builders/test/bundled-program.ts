import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { rspack } from '@rspack/core';

const ROOT = resolve(__dirname, '../../..');

/** Bundles the build program as the local platform's apps do, for it runs as a process of its own. Returns its path. */
export async function bundledProgram(folder: string): Promise<string> {
  const base = JSON.parse(readFileSync(join(ROOT, 'tsconfig.base.json'), 'utf8')) as {
    compilerOptions: { paths: Record<string, [string]> };
  };
  const alias = Object.entries(base.compilerOptions.paths).map(([name, [file]]) => [
    `${name}$`,
    join(ROOT, file),
  ]);
  const compiler = rspack({
    mode: 'development',
    devtool: false,
    target: 'node22',
    context: ROOT,
    entry: { 'host-builder': join(__dirname, 'host-builder.program.ts') },
    output: { path: folder, filename: '[name].js' },
    node: { __dirname: false },
    resolve: {
      extensions: ['.ts', '.js', '.json'],
      alias: Object.fromEntries(alias) as Record<string, string>,
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
  await new Promise<void>((done, fail) => {
    compiler.run((error, stats) => {
      if (error || stats?.hasErrors()) fail(error ?? new Error(stats?.toString({ preset: 'errors-only' })));
      else done();
    });
  });
  return join(folder, 'host-builder.js');
}
