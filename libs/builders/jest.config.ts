import type { Config } from 'jest';

const config: Config = { displayName: 'builders', preset: '../../jest.preset.js' };

export default config;
