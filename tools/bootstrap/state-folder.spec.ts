import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStateFolder, deleteState, statePaths } from './state-folder.ts';

describe('the state folder', () => {
  const root = '/home/ann/slipway';

  it('lies outside the clone for root, under a name that only this clone has', () => {
    const one = statePaths('start', { root, env: {}, asRoot: true }).folder;
    const other = statePaths('start', { root: '/home/ann/other', env: {}, asRoot: true }).folder;
    expect(one).toMatch(/^\/var\/lib\/slipway\/[0-9a-f]{12}$/);
    expect(other).not.toBe(one);
  });

  it('lies in the home of everybody else, and never inside the clone', () => {
    const place = { root, asRoot: false };
    expect(statePaths('start', { ...place, env: { HOME: '/home/ann' } }).folder).toMatch(
      /^\/home\/ann\/\.local\/state\/slipway\/[0-9a-f]{12}$/,
    );
    expect(statePaths('start', { ...place, env: { XDG_STATE_HOME: '/s' } }).folder).toMatch(
      /^\/s\/slipway\//,
    );
  });

  it('is where SLIPWAY_STATE_DIR says', () => {
    expect(statePaths('start', { root, env: { SLIPWAY_STATE_DIR: '/data/x' }, asRoot: true }).folder).toBe(
      '/data/x',
    );
  });

  it.each([{}, { SLIPWAY_STATE_DIR: '/data/x' }])('is another one for the tests (%j)', (env) => {
    const start = statePaths('start', { root, env, asRoot: false });
    const test = statePaths('test', { root, env, asRoot: false });
    expect(test.folder).toBe(`${start.folder}-test`);
    expect(test.instance).not.toBe(start.instance);
  });
});

describe('deleting the state', () => {
  it('leaves alone what is not ours in a folder that the user named', () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-state-'));
    const paths = statePaths('start', { root: '/x', env: { SLIPWAY_STATE_DIR: folder }, asRoot: false });
    createStateFolder(paths, false);
    writeFileSync(join(folder, 'letter.txt'), 'mine');
    // What was built is read-only down to its folders.
    mkdirSync(join(paths.platform, 'image', 'inner'), { recursive: true });
    chmodSync(join(paths.platform, 'image', 'inner'), 0o500);
    chmodSync(join(paths.platform, 'image'), 0o500);
    deleteState(paths);
    expect(readdirSync(folder)).toEqual(['letter.txt']);
    rmSync(join(folder, 'letter.txt'));
    deleteState(paths);
    expect(existsSync(folder)).toBe(false);
  });
});
