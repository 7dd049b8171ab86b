import type { Config } from 'jest';

const config: Config = {
  displayName: 'e2e',
  preset: '../../jest.preset.js',
  testMatch: ['**/*.e2e.spec.ts'],
  testTimeout: 180_000,
};

export default config;
