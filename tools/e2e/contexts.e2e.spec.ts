import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ContextAnswer, Problem } from '@slipway/contracts';
import { OutsideClient, S3Server, eventually } from '@slipway/testing';
import { extract } from 'tar-stream';
import { CONTEXT_BUCKET, START, System, startEvent } from './system';

const COMPLETE = 'network.notifi.lambda.build.complete';
const FUNCTION = 'restart-pod';

const SOURCES: Record<string, { entrypoint: string; code: string }> = {
  python: { entrypoint: 'remediation.py', code: 'def handler(event):\n    return {"ok": True}\n' },
  nodejs: { entrypoint: 'remediation.js', code: 'module.exports = async () => ({ ok: true });\n' },
  go: {
    entrypoint: 'remediation.go',
    code: 'package main\n\nimport "net/http"\n\nfunc main() { _ = http.ListenAndServe(":8080", nil) }\n',
  },
};

type Answer = ContextAnswer & { build_id: string; success: boolean; status?: string };

function stored(key: string): string {
  return join(process.env['SLIPWAY_STATE_DIR']!, 'platform', 'contexts', 'contexts', key);
}

/** The files of a stored archive by their paths. */
async function filesIn(archive: Buffer): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const entry of Readable.from([archive]).pipe(createGunzip()).pipe(extract())) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    files[entry.header.name] = Buffer.concat(chunks).toString();
  }
  return files;
}

// The test scenarios of the second requirement document. Its cleanup (5) is shown in apps/context-builder.
describe('a context without a build', () => {
  let system: System;
  beforeAll(async () => {
    system = await System.up();
  });

  function post(body: object, headers: Record<string, string> = {}): Promise<Response> {
    const request = { third_party_id: 'sre', parser_id: FUNCTION, ...body };
    return fetch(`${system.api}/contexts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(request),
    });
  }

  async function created(body: object): Promise<Answer> {
    const response = await post(body);
    const answer = (await response.json()) as Answer & Problem;
    if (response.status !== 201) throw new Error(`${response.status}: ${answer.detail}`);
    return answer;
  }

  it.each([
    ['python', /^FROM .*python|^ARG PYTHON_BASE_IMAGE=/m, ['requirements.txt']],
    ['nodejs', /^ARG NODE_BASE_IMAGE=/m, ['package.json']],
    ['go', /^FROM .+ AS \w+[\s\S]+^FROM [^\n]*GO_FINAL_IMAGE/m, ['go.mod']],
  ])(
    'is made of one file of %s, with its Dockerfile and what it needs',
    async (runtime, dockerfile, supplied) => {
      const { entrypoint, code } = SOURCES[runtime]!;
      const answer = await created({ runtime, code, entrypoint });
      expect(answer).toMatchObject({
        success: true,
        store: 'file',
        content_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      expect(answer.runtime.startsWith(runtime)).toBe(true);
      const archive = await readFile(stored(answer.key!));
      expect(archive.length).toBe(answer.size);
      expect(createHash('sha256').update(archive).digest('hex')).toBe(answer.sha256);
      const files = await filesIn(archive);
      expect(files[entrypoint]).toBe(code);
      expect(files['Dockerfile']).toMatch(dockerfile);
      expect(Object.keys(files)).toEqual(expect.arrayContaining(supplied));
      const build = await system.build(answer.build_id);
      expect(build).toMatchObject({ status: 'succeeded', content_hash: answer.content_hash });
      expect(build).not.toHaveProperty('artifact');
    },
  );

  it('has the same hash for the same source, and another for another', async () => {
    const source = { runtime: 'python', ...SOURCES['python'] };
    const [one, two] = [await created(source), await created(source)];
    expect(two).toMatchObject({ content_hash: one.content_hash, key: one.key, sha256: one.sha256 });
    expect(two.build_id).not.toBe(one.build_id);
    const other = await created({ ...source, code: `${source.code}# changed\n` });
    expect(other.content_hash).not.toBe(one.content_hash);
  });

  it('is answered by its cause where it cannot be made, and nothing of it is left', async () => {
    const missing = await post({ parser_id: 'non-existent-parser' });
    expect(missing.status).toBe(422);
    expect(await missing.json()).toMatchObject({
      code: 'source_missing',
      detail: expect.stringContaining('source file not found') as string,
    });
    const { pathname } = new URL(missing.headers.get('location')!, system.api);
    const { build } = await system.get<{ build: Record<string, unknown> }>(pathname);
    expect(build).toMatchObject({ status: 'failed', cause: { code: 'source_missing' } });
    expect(existsSync(stored('build-context/sre/non-existent-parser'))).toBe(false);
    expect(await system.metrics('context-builder')).toMatch(
      /^build_context_creation_total\{result="failure"\} [1-9]/m,
    );
  });

  it('names the field that is wrong as it stands in the body', async () => {
    const refused = await post({ priority: 99, runtime: 'python' });
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ errors: [{ pointer: '/priority' }] });
    const noStore = await post({ context_store: 'configmap', ...SOURCES['python'], runtime: 'python' });
    expect(await noStore.json()).toMatchObject({ code: 'context_store_unsupported' });
  });

  it.each(['', '{', '[]', '"text"'])('is not made of the body %j, which is no object', async (body) => {
    const response = await fetch(`${system.api}/contexts`, { method: 'POST', body });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      code: 'invalid_event',
      detail: expect.stringContaining('The body is') as string,
      hint: expect.stringContaining('data of build.start') as string,
    });
  });

  it('lies on S3 where the build asks for it, with its alias, and a builder reads it from there', async () => {
    // The bucket may be older than this run's ledger, and an alias stays with the highest sequence.
    const parser = `on-s3-${Date.now()}`;
    const source = { runtime: 'nodejs', parser_id: parser, ...SOURCES['nodejs'], context_store: 's3' };
    const { store, key, sha256 } = await created(source);
    expect(store).toBe('s3');
    const server = new S3Server();
    const objects = [key!, `build-context/${parser}/context.tar.gz`].map((name) =>
      server.read(CONTEXT_BUCKET, name),
    );
    const hashes = (await Promise.all(objects)).map((bytes) =>
      createHash('sha256').update(bytes).digest('hex'),
    );
    await server.close();
    expect(hashes).toEqual([sha256, sha256]);
    const built = await system.ended(
      await system.start('sre', parser, { ...source, entrypoint: source.entrypoint }),
    );
    expect(built).toMatchObject({ status: 'succeeded', reused: false, context: { store: 's3', key } });
  });

  it('is left to a caller who does not wait', async () => {
    const response = await post(
      { parser_id: 'patient', runtime: 'python', ...SOURCES['python'] },
      { prefer: 'wait=0' },
    );
    expect(response.status).toBe(202);
    const { build_id: id } = (await response.json()) as Answer;
    expect(response.headers.get('location')).toBe(`/builds/${id}`);
    expect(await system.ended(id)).toMatchObject({ status: 'succeeded', context: { store: 'file' } });
  });

  it('is made by an event as well, whose answer is an event', async () => {
    const outside = await OutsideClient.connect();
    const seen = await outside.listen('cloud-events', COMPLETE);
    const data = { stop_after: 'context', runtime: 'python', ...SOURCES['python'] };
    const event = { ...startEvent('sre', FUNCTION, `context-${Date.now()}`), data };
    outside.publish('cloud-events', START, JSON.stringify(event), {
      contentType: 'application/cloudevents+json',
    });
    const facts = (): Answer[] =>
      seen
        .filter(({ properties }) => properties.headers?.['ce-causationid'] === event.id)
        .map(({ content }) => JSON.parse(content.toString()) as Answer & { context: ContextAnswer })
        .filter(({ context }) => context !== undefined);
    const fact = await eventually('the event', () => facts()[0], 30_000);
    await outside.close();
    expect(fact).toMatchObject({
      status: 'success',
      runtime: expect.stringMatching(/^python3\.\d+$/),
      content_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      context: { store: 'file', key: expect.stringContaining(`/sre/${FUNCTION}/`) },
    });
  });

  it('is made a hundred times at once, and none is lost', async () => {
    const all = Array.from({ length: 100 }, (_, n) =>
      created({
        parser_id: `many-${n}`,
        runtime: 'python',
        code: `print(${n})\n`,
        entrypoint: 'remediation.py',
      }),
    );
    const answers = await Promise.all(all);
    expect(new Set(answers.map(({ content_hash: hash }) => hash)).size).toBe(100);
    expect(answers.every(({ key }) => existsSync(stored(key!)))).toBe(true);
  });
});
