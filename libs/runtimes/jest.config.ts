import type { Config } from 'jest';

const config: Config = { displayName: 'runtimes', preset: '../../jest.preset.js' };

export default config;
