import type { Config } from 'jest';

const config: Config = { displayName: 'service-kit', preset: '../../jest.preset.js' };

export default config;
