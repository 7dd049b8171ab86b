import type { Config } from 'jest';

const config: Config = { displayName: 'context-builder', preset: '../../jest.preset.js' };

export default config;
