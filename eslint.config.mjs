import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

// What each project may import. The same table stands in CONTRIBUTING.md.
const LAYERS = [
  { sourceTag: 'layer:contracts', onlyDependOnLibsWithTags: ['layer:domain'] },
  { sourceTag: 'layer:domain', onlyDependOnLibsWithTags: ['layer:contracts'], bannedExternalImports: ['*'] },
  {
    sourceTag: 'layer:plugin',
    onlyDependOnLibsWithTags: ['layer:domain', 'layer:contracts', 'layer:plugin'],
  },
  {
    sourceTag: 'layer:adapter',
    onlyDependOnLibsWithTags: ['layer:domain', 'layer:contracts', 'layer:plugin', 'tech:postgres'],
  },
  { sourceTag: 'layer:kit', onlyDependOnLibsWithTags: ['layer:domain', 'layer:contracts'] },
  { sourceTag: 'layer:testing', onlyDependOnLibsWithTags: ['layer:domain', 'layer:contracts'] },
  { sourceTag: 'layer:tools', onlyDependOnLibsWithTags: ['*'] },
];

const ADAPTERS = [
  { sourceTag: 'tech:postgres', notDependOnLibsWithTags: ['layer:plugin'] },
  { sourceTag: 'tech:sources', notDependOnLibsWithTags: ['tech:postgres', 'layer:plugin'] },
  { sourceTag: 'tech:object-store', notDependOnLibsWithTags: ['tech:postgres', 'layer:plugin'] },
  { sourceTag: 'tech:platform', notDependOnLibsWithTags: ['tech:postgres'] },
];

const COMMON = ['layer:domain', 'layer:contracts', 'layer:kit', 'layer:testing'];
const APPS = {
  ingest: ['tech:postgres', 'tech:rabbitmq', 'layer:plugin'],
  'context-builder': [
    'tech:postgres',
    'tech:rabbitmq',
    'tech:sources',
    'tech:object-store',
    'tech:platform',
    'layer:plugin',
  ],
  'job-launcher': ['tech:postgres', 'tech:rabbitmq', 'tech:object-store', 'tech:platform', 'layer:plugin'],
  'sidecar-monitor': ['tech:rabbitmq', 'tech:platform', 'layer:plugin'],
  'service-deployer': ['tech:postgres', 'tech:rabbitmq', 'tech:platform'],
  api: ['tech:postgres', 'tech:rabbitmq', 'layer:plugin'],
  gateway: ['tech:postgres', 'tech:rabbitmq', 'tech:platform', 'layer:plugin'],
};

const depConstraints = [
  ...LAYERS,
  ...ADAPTERS,
  ...Object.entries(APPS).map(([app, tags]) => ({
    sourceTag: `app:${app}`,
    onlyDependOnLibsWithTags: [...COMMON, ...tags],
  })),
];

const unused = { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true };

// Specs may use what is made for specs.
const specConstraints = depConstraints.map((constraint) =>
  constraint.onlyDependOnLibsWithTags
    ? { ...constraint, onlyDependOnLibsWithTags: [...constraint.onlyDependOnLibsWithTags, 'layer:testing'] }
    : constraint,
);

const boundaries = (constraints, allow = []) => [
  'error',
  {
    allow,
    depConstraints: constraints,
    enforceBuildableLibDependency: false,
    checkDynamicDependenciesExceptions: [],
  },
];

export default tseslint.config(
  { ignores: ['**/dist', '**/node_modules', '.nx', '.slipway', 'libs/runtimes/{nodejs,python,go}/**'] },
  ...tseslint.configs.recommended,
  {
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: false } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', unused],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', prefer: 'type-imports', disallowTypeAnnotations: false },
      ],
      'no-console': 'error',
      eqeqeq: ['error', 'smart'],
    },
  },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    rules: {
      '@nx/enforce-module-boundaries': boundaries(depConstraints),
      // Configuration is read in one place per program and passed on.
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read it in the config loader and pass it on.' },
      ],
    },
  },
  {
    // Decorated parameters and constructor injection need the classes at run time.
    files: ['apps/*/src/**/*.controller.ts', 'apps/*/src/**/*.module.ts', 'libs/service-kit/src/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    files: ['apps/**/*.spec.ts', 'libs/**/*.spec.ts', 'apps/*/test/**/*.ts', 'libs/*/test/**/*.ts'],
    rules: {
      // The test ledger belongs to the ledger, which no library made for specs may import.
      '@nx/enforce-module-boundaries': boundaries(specConstraints, [
        '../../ledger/test/test-ledger',
        '../../../libs/ledger/test/test-ledger',
        '../../../libs/ledger/test/given',
      ]),
    },
  },
  { files: ['**/jest.config.ts'], rules: { '@nx/enforce-module-boundaries': 'off' } },
  {
    files: [
      '**/config*.ts',
      'libs/testing/src/servers/*.ts',
      'libs/service-kit/src/config/*.ts',
      '**/*.spec.ts',
      '**/test/**/*.ts',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
);
