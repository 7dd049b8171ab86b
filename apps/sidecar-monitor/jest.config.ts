import type { Config } from 'jest';

const config: Config = { displayName: 'sidecar-monitor', preset: '../../jest.preset.js' };

export default config;
