import type { Config } from 'jest';

const config: Config = { displayName: 'testing', preset: '../../jest.preset.js' };

export default config;
