import type { Config } from 'jest';

const config: Config = { displayName: 'messaging', preset: '../../jest.preset.js' };

export default config;
