import type { Config } from 'jest';

const config: Config = { displayName: 'object-store', preset: '../../jest.preset.js' };

export default config;
