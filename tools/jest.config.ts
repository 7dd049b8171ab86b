import type { Config } from 'jest';

const config: Config = {
  displayName: 'tools',
  preset: '../jest.preset.js',
  testPathIgnorePatterns: ['/e2e/'],
};

export default config;
