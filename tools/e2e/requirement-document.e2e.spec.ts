import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { packContext } from '@slipway/sources';
import { OutsideClient } from '@slipway/testing';
import { GitServer } from '../../libs/sources/test/git/git-server';
import { START, System } from './system';

const COMPLETE = 'network.notifi.lambda.build.complete';

// The events of the third requirement document, as they stand there.
const DOCUMENT_START = {
  type: START,
  source: 'rabbitmq',
  data: {
    third_party_id: 'example-org',
    parser_id: 'user-parser',
    build_type: 'lambda',
    runtime: 'nodejs22',
    source_url: 'https://github.com/example/parser',
    build_timeout: 1800,
  },
};

const DOCUMENT_COMPLETE = {
  type: COMPLETE,
  source: 'rabbitmq',
  data: {
    third_party_id: 'example-org',
    parser_id: 'user-parser',
    job_name: 'build-example-org-user-parser-abc123',
    status: 'success',
    image_uri: '123456789.dkr.ecr.us-west-2.amazonaws.com/parser:abc123',
    duration: '2m30s',
    correlation_id: 'corr-123',
  },
};

describe("the third requirement document's own events", () => {
  let system: System;
  let outside: OutsideClient;
  let server: Server;
  let archive: Buffer;

  beforeAll(async () => {
    system = await System.up();
    outside = await OutsideClient.connect();
    const content = Buffer.from('exports.handle = async () => ({ from: "an archive" });\n');
    ({ archive } = await packContext([{ path: 'parser-main/index.js', executable: false, content }]));
    server = createServer((request, response) => {
      if (request.url === '/moved.tar.gz') response.writeHead(302, { location: '/parser.tar.gz' }).end();
      else response.end(archive);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterAll(async () => {
    await outside.close();
    await new Promise((resolve) => server.close(resolve));
  });

  const publish = (event: object): void =>
    outside.publish('cloud-events', (event as { type: string }).type, JSON.stringify(event), {
      contentType: 'application/json',
    });

  it('build.start is taken and becomes a build, of a repository that nobody has', async () => {
    publish(DOCUMENT_START);
    const { id } = await system.newest('example-org', 'user-parser');
    // Where there is no way to its host the build is tried again for minutes.
    await fetch(`${system.api}/builds/${id}/cancel`, { method: 'POST' });
    const build = await system.ended(id);
    expect(['cancelled', 'failed']).toContain(build.status);
    expect(build.events[0]?.detail).toMatchObject({ lenient: true, source: 'git' });
  });

  it('build.start with a git repository on an allowed host is served, at the commit that is recorded', async () => {
    const git = await GitServer.start();
    try {
      const commit = git.repository('parser.git').commit({
        'index.js': 'exports.handle = async () => ({ from: "a repository" });\n',
      });
      const data = {
        ...DOCUMENT_START.data,
        parser_id: 'cloned',
        source_url: git.url('parser.git'),
      };
      publish({ ...DOCUMENT_START, data });
      const { id } = await system.newest('example-org', 'cloned');
      const build = await system.ended(id);
      expect(build).toMatchObject({ status: 'succeeded' });
      expect(JSON.stringify(build.events)).toContain(commit);
      const { deployment } = await system.deployed(id);
      expect(await (await fetch(deployment.url!, { method: 'POST', body: '{}' })).json()).toEqual({
        from: 'a repository',
      });
    } finally {
      await git.stop();
    }
  });

  it('build.start with an archive on an allowed host is served', async () => {
    const { port } = server.address() as AddressInfo;
    const data = {
      ...DOCUMENT_START.data,
      parser_id: 'archived',
      source_url: `http://127.0.0.1:${port}/moved.tar.gz`,
    };
    publish({ ...DOCUMENT_START, data });
    const { id } = await system.newest('example-org', 'archived');
    expect(await system.ended(id)).toMatchObject({ status: 'succeeded' });
    const { deployment } = await system.deployed(id);
    expect(await (await fetch(deployment.url!, { method: 'POST', body: '{}' })).json()).toEqual({
      from: 'an archive',
    });
  });

  it('an archive on a host that is not allowed is refused without being asked for', async () => {
    const data = {
      ...DOCUMENT_START.data,
      parser_id: 'refused',
      source_url: 'http://localhost/parser.tar.gz',
    };
    publish({ ...DOCUMENT_START, data });
    const { id } = await system.newest('example-org', 'refused');
    expect(await system.ended(id)).toMatchObject({ status: 'failed', cause: { code: 'source_url_refused' } });
  });

  it('build.complete of a build that nobody knows goes to the dead letters', async () => {
    publish(DOCUMENT_COMPLETE);
    const letter = await outside.take('lambda-service-events-dlq');
    expect(letter.properties.headers).toMatchObject({ 'x-reason': 'unknown_build' });
    expect(JSON.parse(letter.content.toString())).toEqual(DOCUMENT_COMPLETE);
  });
});
