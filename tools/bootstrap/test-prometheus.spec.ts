import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext } from './context.ts';
import { ensureTestPrometheus } from './test-prometheus.ts';

const APT_GET = '#!/bin/sh\n[ "$2" = download ] && echo package > prometheus_1_amd64.deb\n';
const DPKG_DEB = '#!/bin/sh\n/bin/mkdir -p "$3/usr/bin" && /bin/cp "$2" "$3/usr/bin/promtool"\n';
const FAILING = '#!/bin/sh\nexit 1\n';

let folder: string;
let notes: string[];
beforeEach(() => {
  notes = [];
  folder = mkdtempSync(join(tmpdir(), 'slipway-prometheus-'));
  mkdirSync(join(folder, 'bin'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Puts programs onto the PATH, where nothing else is, and looks for Prometheus. */
function found(programs: Record<string, string>): Promise<NodeJS.ProcessEnv | undefined> {
  for (const [name, text] of Object.entries(programs))
    writeFileSync(join(folder, 'bin', name), text, { mode: 0o755 });
  const { signal } = new AbortController();
  const steps = { run: () => Promise.reject(new Error('no steps here')), line: () => undefined };
  const env = { SLIPWAY_STATE_DIR: join(folder, 'state') };
  const context = createContext('test', { root: folder, env, asRoot: false, steps, signal });
  const onPath = { ...context, env: { PATH: join(folder, 'bin') } };
  return ensureTestPrometheus(onPath, (text) => void notes.push(text));
}

describe('the Prometheus of the tests', () => {
  it('is the one on the PATH', async () => {
    expect(await found({ prometheus: '#!/bin/sh\n', promtool: '#!/bin/sh\n' })).toEqual({});
  });

  it("is else Debian's, unpacked once", async () => {
    const programs = join(folder, 'state-test', 'prometheus', 'usr', 'bin');
    const debian = { 'apt-get': APT_GET, 'dpkg-deb': DPKG_DEB };
    expect(await found(debian)).toEqual({ PROMETHEUS_FOLDER: programs });
    expect(existsSync(join(programs, 'promtool'))).toBe(true);
    expect(await found({ 'apt-get': FAILING })).toEqual({ PROMETHEUS_FOLDER: programs });
    expect(notes).toHaveLength(1);
  });

  it.each([
    ['downloaded', { 'apt-get': FAILING, 'dpkg-deb': DPKG_DEB }],
    ['unpacked', { 'apt-get': APT_GET, 'dpkg-deb': FAILING }],
  ])('is none where it cannot be %s, and nothing of it is left', async (_, programs) => {
    expect(await found(programs)).toBeUndefined();
    for (const left of ['prometheus', 'prometheus.partial'])
      expect(existsSync(join(folder, 'state-test', left))).toBe(false);
  });
});
