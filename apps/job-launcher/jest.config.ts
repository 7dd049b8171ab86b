import type { Config } from 'jest';

const config: Config = { displayName: 'job-launcher', preset: '../../jest.preset.js' };

export default config;
