import type { Config } from 'jest';

const config: Config = { displayName: 'ingest', preset: '../../jest.preset.js' };

export default config;
