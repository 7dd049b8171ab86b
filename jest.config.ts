import type { Config } from 'jest';

const config: Config = {
  projects: ['<rootDir>/apps/*', '<rootDir>/libs/*', '<rootDir>/tools'],
  // Jest takes this one from here alone, never from a project.
  testTimeout: 60_000,
};

export default config;
