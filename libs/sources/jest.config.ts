import type { Config } from 'jest';

const config: Config = { displayName: 'sources', preset: '../../jest.preset.js' };

export default config;
