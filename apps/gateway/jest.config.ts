import type { Config } from 'jest';

const config: Config = { displayName: 'gateway', preset: '../../jest.preset.js' };

export default config;
