import type { Config } from 'jest';

const config: Config = { displayName: 'domain', preset: '../../jest.preset.js' };

export default config;
