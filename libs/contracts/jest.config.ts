import type { Config } from 'jest';

const config: Config = { displayName: 'contracts', preset: '../../jest.preset.js' };

export default config;
