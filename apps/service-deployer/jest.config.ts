import type { Config } from 'jest';

const config: Config = { displayName: 'service-deployer', preset: '../../jest.preset.js' };

export default config;
