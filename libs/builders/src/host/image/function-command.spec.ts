import { functionCommand } from './function-command';
import type { ImageManifest } from './image-manifest';

const base: ImageManifest = {
  schema: 1,
  runtime: 'nodejs',
  version: process.versions.node,
  requestedVersion: '24',
  interpreter: 'nodejs',
  args: ['{wrapper}/start.mjs', '{image}/app/parser.js'],
  wrapper: 'nodejs-0123456789ab',
  notes: [],
};

test("a Node function is started by the platform's own Node, with the folders in place of the placeholders", () => {
  expect(functionCommand({ imageDir: '/i', wrappersDir: '/w', image: base, nodePath: '/bin/node' })).toEqual({
    command: '/bin/node',
    args: ['/w/nodejs-0123456789ab/start.mjs', '/i/app/parser.js'],
    env: { NODE_ENV: 'production', SLIPWAY_LISTEN_HOST: '127.0.0.1' },
    cwd: '/i/app',
  });
});

test('a Python function is started by the interpreter of its image, a compiled one by itself', () => {
  const python = functionCommand({
    imageDir: '/i',
    wrappersDir: '/w',
    image: { ...base, interpreter: 'python' },
  });
  expect(python.command).toBe('/i/venv/bin/python');
  const binary = functionCommand({
    imageDir: '/i',
    wrappersDir: '/w',
    image: { ...base, interpreter: 'binary', args: [] },
  });
  expect(binary).toMatchObject({ command: '/i/bin/function', args: [] });
});

test('a Node version that is gone fails with deploy_failed', () => {
  const image = { ...base, version: '1.2.3' };
  expect(() => functionCommand({ imageDir: '/i', wrappersDir: '/w', image })).toThrow(
    expect.objectContaining({ code: 'deploy_failed' }),
  );
});
