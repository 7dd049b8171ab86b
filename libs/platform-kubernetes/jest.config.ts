import type { Config } from 'jest';

const config: Config = { displayName: 'platform-kubernetes', preset: '../../jest.preset.js' };

export default config;
