import { System, saying } from './system';

const inline = (files: Record<string, string>, more: object = {}): object => ({
  source: { kind: 'inline', files },
  runtime: 'nodejs24',
  ...more,
});

const script = (postinstall: string): Record<string, string> => ({
  'index.js': 'module.exports = () => 1;\n',
  'package.json': JSON.stringify({ name: 'x', version: '1.0.0', scripts: { postinstall } }),
});

describe('a build that cannot succeed', () => {
  let system: System;
  beforeAll(async () => {
    system = await System.up();
  });

  async function failure(parser: string, data: object) {
    const build = await system.ended(await system.start('failures', parser, data));
    expect(build.status).toBe('failed');
    expect(build.cause?.hint).toBeTruthy();
    return build;
  }

  it('names the dependency that cannot be installed, with the line of the package manager', async () => {
    const manifest = { name: 'x', version: '1.0.0', dependencies: { 'left-pad': '99.99.99' } };
    const files = { 'index.js': 'module.exports = () => 1;\n', 'package.json': JSON.stringify(manifest) };
    const build = await failure('dependency', inline(files));
    expect(build.cause).toMatchObject({
      code: 'dependency_install',
      log_line: expect.stringMatching(/left-pad/) as string,
    });
    expect(build.logs_preview).toMatch(/ETARGET|notarget/);
  });

  it('says which source is missing', async () => {
    const build = await failure('missing', {});
    expect(build.cause?.code).toBe('source_missing');
    expect(build.error_message).toContain('source file not found');
  });

  it('is ended with all its processes when it takes too long', async () => {
    const build = await failure(
      'slow',
      inline(script('node -e "setInterval(() => {}, 1000)"'), { build_timeout: 30 }),
    );
    expect(build.cause?.code).toBe('deadline');
    expect(build.duration).toBeLessThan(45);
  });

  it('is ended when it fills its memory', async () => {
    const hog = 'node -e "const a = []; setInterval(() => a.push(Buffer.alloc(64 << 20, 1)), 20)"';
    const build = await failure('hungry', inline(script(hog)));
    expect(build.cause?.code).toBe('oom');
  });

  it('leaves the earlier version serving when the new one crashes at its start', async () => {
    const good = await system.start('failures', 'crash', saying('well'));
    const { deployment } = await system.deployed(good);
    const code = 'throw new Error("no configuration found");\n';
    const bad = await system.start(
      'failures',
      'crash',
      inline({ 'index.js': `${code}module.exports = () => 1;\n` }),
    );
    const build = await system.deployed(bad);
    expect(build.deployment).toMatchObject({
      status: 'failed',
      cause: {
        code: 'function_crashed',
        log_line: expect.stringContaining('no configuration found') as string,
      },
    });
    const answer = await fetch(deployment.url!, { method: 'POST', body: '{}' });
    expect(await answer.json()).toEqual({ said: 'well' });
  });

  it('ends as cancelled at once, with nothing of it left running', async () => {
    const id = await system.start(
      'failures',
      'cancelled',
      inline(script('node -e "setInterval(() => {}, 1000)"')),
    );
    await system.build(id);
    const response = await fetch(`${system.api}/builds/${id}/cancel`, { method: 'POST' });
    expect([response.status, await response.json()]).toMatchObject([
      200,
      { status: 'cancelled', success: true },
    ]);
    expect(await system.build(id)).toMatchObject({ status: 'cancelled' });
    const again = await fetch(`${system.api}/builds/${id}/cancel`, { method: 'POST' });
    expect(again.status).toBe(200);
  });
});
