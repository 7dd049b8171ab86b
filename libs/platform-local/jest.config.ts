import type { Config } from 'jest';

const config: Config = { displayName: 'platform-local', preset: '../../jest.preset.js' };

export default config;
