const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const { paths } = JSON.parse(readFileSync(join(__dirname, 'tsconfig.base.json'), 'utf8')).compilerOptions;

// One transform and one alias table for every project: the aliases are those of tsconfig.base.json.
module.exports = {
  testEnvironment: 'node',
  // Decorators need it before the first class is defined.
  setupFiles: [require.resolve('reflect-metadata')],
  testMatch: ['**/*.spec.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'commonjs', ignoreDynamic: true },
      },
    ],
  },
  moduleNameMapper: {
    ...Object.fromEntries(
      Object.entries(paths).map(([name, [file]]) => [`^${name}$`, join(__dirname, file)]),
    ),
    // Programs under tools/ name their files with the extension, because Node runs them as they are.
    '^(\\.{1,2}/.*)\\.ts$': '$1',
  },
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json'],
  // The runtimes' data holds packages of its own.
  modulePathIgnorePatterns: ['/dist/', '/libs/runtimes/(nodejs|python|go)/'],
  testTimeout: 30_000,
};
