// Bundles one app: src/main.ts and each program beside it become single files under dist/apps/<app>/.
import { cpSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rspack } from '@rspack/core';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const project = process.argv[2];
if (!project || !existsSync(join(root, project, 'src/main.ts'))) {
  process.stderr.write('Usage: bundle.mjs apps/<app>, a folder with src/main.ts\n');
  process.exit(2);
}

// Nest asks for these only when they are used; a bundle cannot leave the question open.
const OPTIONAL = [
  '@fastify/static',
  '@fastify/view',
  '@grpc/grpc-js',
  '@grpc/proto-loader',
  '@mikro-orm/core',
  '@nestjs/axios',
  '@nestjs/microservices',
  '@nestjs/mongoose',
  '@nestjs/platform-express',
  '@nestjs/sequelize',
  '@nestjs/typeorm',
  '@nestjs/websockets',
  '@prisma/client',
  'class-transformer/storage',
  'file-type',
  'mongoose',
  'pg-native',
  'sequelize',
  'typeorm',
];

const { paths } = JSON.parse(readFileSync(join(root, 'tsconfig.base.json'), 'utf8')).compilerOptions;
const alias = Object.fromEntries(
  Object.entries(paths).map(([name, [file]]) => [`${name}$`, join(root, file)]),
);

function entries() {
  const programs = join(root, project, 'src/programs');
  const extra = existsSync(programs)
    ? readdirSync(programs).filter(
        (file) => file.endsWith('.ts') && file !== 'index.ts' && !file.endsWith('.spec.ts'),
      )
    : [];
  return {
    main: join(root, project, 'src/main.ts'),
    ...Object.fromEntries(extra.map((file) => [basename(file, '.ts'), join(programs, file)])),
  };
}

const output = join(root, 'dist', project);
const compiler = rspack({
  mode: 'production',
  target: 'node22',
  context: root,
  entry: entries(),
  output: { path: output, filename: '[name].js', library: { type: 'commonjs2' } },
  devtool: false,
  // A crash should print a line that can be read, so white space and names stay.
  optimization: { minimize: false },
  resolve: { extensions: ['.ts', '.js', '.json'], alias },
  node: { __dirname: false, __filename: false },
  module: {
    parser: { javascript: { dynamicImportMode: 'eager' } },
    rules: [
      {
        test: /\.ts$/,
        loader: 'builtin:swc-loader',
        options: {
          jsc: {
            target: 'es2023',
            parser: { syntax: 'typescript', decorators: true },
            transform: { legacyDecorator: true, decoratorMetadata: true },
            keepClassNames: true,
          },
        },
      },
    ],
  },
  plugins: [
    // ESM-only packages ask where they lie; in a bundle that is beside it, and the output is CommonJS.
    new rspack.DefinePlugin({ 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' }),
    new rspack.IgnorePlugin({
      checkResource: (resource) =>
        OPTIONAL.some((name) => resource === name || resource.startsWith(`${name}/`)),
    }),
  ],
  // What is missing without being listed above is a mistake, so it is not hidden; these two say nothing of use.
  ignoreWarnings: [/Critical dependency/, /require function is used/],
});

rmSync(output, { recursive: true, force: true });
compiler.run((error, stats) => {
  if (error || stats?.hasErrors()) {
    process.stderr.write(`${error ?? stats?.toString({ preset: 'errors-only' })}\n`);
    process.exit(1);
  }
  copyRuntimes();
  process.stdout.write(`${project}: ${Object.keys(entries()).join(', ')}\n`);
});

// The runtimes are data: a bundle finds them beside itself.
function copyRuntimes() {
  const library = join(root, 'libs/runtimes');
  for (const entry of readdirSync(library, { withFileTypes: true })) {
    if (!entry.isDirectory() || !existsSync(join(library, entry.name, 'runtime.yaml'))) continue;
    cpSync(join(library, entry.name), join(output, 'runtimes', entry.name), {
      recursive: true,
      filter: (source) => basename(source) !== 'node_modules',
    });
  }
}
