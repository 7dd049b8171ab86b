import type { Config } from 'jest';

const config: Config = { displayName: 'ledger', preset: '../../jest.preset.js' };

export default config;
