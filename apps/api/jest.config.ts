import type { Config } from 'jest';

const config: Config = { displayName: 'api', preset: '../../jest.preset.js' };

export default config;
