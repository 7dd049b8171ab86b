import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openContextStores } from '../open-context-stores';
import { S3ObjectStore } from './s3-object-store';

const ROLE = 'arn:aws:iam::123456789012:role/context-builder';
const ASSUMED = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult><Credentials>
    <AccessKeyId>ASIATEMPORARY</AccessKeyId><SecretAccessKey>temporary-secret</SecretAccessKey>
    <SessionToken>temporary-token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
  </Credentials></AssumeRoleWithWebIdentityResult>
</AssumeRoleWithWebIdentityResponse>`;

/** What S3 and STS were asked for. */
let objects: IncomingMessage[];
let roles: URLSearchParams[];
const server = createServer((request, response) => {
  void text(request).then((body) => {
    const isRole = body.includes('Action=AssumeRoleWithWebIdentity');
    if (isRole) roles.push(new URLSearchParams(body));
    else objects.push(request);
    response.end(isRole ? ASSUMED : 'content');
  });
});

let folder: string;
let endpoint: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = await mkdtemp(join(tmpdir(), 'slipway-s3-'));
  await writeFile(join(folder, 'token'), 'token-of-the-service-account');
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  objects = [];
  roles = [];
});
afterEach(() => jest.restoreAllMocks());

/** Lets the `AWS_*` variables of the environment be these. */
function setVariables(variables: NodeJS.ProcessEnv): void {
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  // No profile of whoever runs the tests.
  const nowhere = { AWS_CONFIG_FILE: '/nowhere', AWS_SHARED_CREDENTIALS_FILE: '/nowhere' };
  jest.replaceProperty(process, 'env', { ...Object.fromEntries(others), ...nowhere, ...variables });
}

async function useStore(variables: NodeJS.ProcessEnv): Promise<void> {
  setVariables(variables);
  const store = new S3ObjectStore({ endpoint, region: 'eu-central-1', forcePathStyle: true });
  await store.get('bucket', 'key', 100);
  await store.put('bucket', 'key', Buffer.from('content'));
}

describe('requests to S3', () => {
  it('are signed with the role of a service account, which is assumed once', async () => {
    await useStore({
      AWS_WEB_IDENTITY_TOKEN_FILE: join(folder, 'token'),
      AWS_ROLE_ARN: ROLE,
      AWS_ENDPOINT_URL_STS: endpoint,
    });
    expect(roles.map((role) => [role.get('RoleArn'), role.get('WebIdentityToken')])).toEqual([
      [ROLE, 'token-of-the-service-account'],
    ]);
    expect(objects).toHaveLength(2);
    for (const { headers } of objects) {
      expect(headers.authorization).toMatch(/Credential=ASIATEMPORARY\/\d+\/eu-central-1\/s3\//);
      expect(headers['x-amz-security-token']).toBe('temporary-token');
    }
  });

  it.each([
    ['by default', {}, 'ENABLED', 'CRC32'],
    [
      'unless the settings of the SDK say otherwise',
      {
        AWS_REQUEST_CHECKSUM_CALCULATION: 'WHEN_REQUIRED',
        AWS_RESPONSE_CHECKSUM_VALIDATION: 'WHEN_REQUIRED',
      },
      undefined,
      undefined,
    ],
  ])('carry and ask for checksums %s', async (_, settings, mode, algorithm) => {
    await useStore({ AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', ...settings });
    const [get, put] = objects.map(({ headers }) => headers);
    expect(get!['x-amz-checksum-mode']).toBe(mode);
    expect(put!['x-amz-sdk-checksum-algorithm']).toBe(algorithm);
    expect(put!['x-amz-checksum-crc32']).toEqual(algorithm && expect.stringMatching(/^[\w+/]+=*$/));
  });

  it('that write a context carry what the settings say of it, and so do those of its alias', async () => {
    setVariables({ AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' });
    const [, store] = openContextStores({
      STATE_DIR: folder,
      S3_ENDPOINT: endpoint,
      S3_FORCE_PATH_STYLE: true,
      AWS_REGION: 'eu-central-1',
      CONTEXT_BUCKET: 'contexts',
      S3_SSE: 'aws:kms',
      S3_SSE_KMS_KEY_ID: 'key-1',
      S3_OBJECT_TAGS: 'team=build,cost=42',
      CONTEXT_ALIAS: true,
    });
    const identity = '01'.repeat(32);
    await store!.put({ tenant: 'acme', parser: 'hello', identity, sequence: 7 }, Buffer.from('archive'));
    const written = objects.filter(({ method }) => method === 'PUT');
    expect(written.map(({ url }) => url)).toEqual([
      `/contexts/build-context/acme/hello/${identity}/context.tar.gz?x-id=PutObject`,
      '/contexts/build-context/hello/context.tar.gz?x-id=PutObject',
    ]);
    for (const { headers } of written) {
      expect(headers).toMatchObject({
        'x-amz-server-side-encryption': 'aws:kms',
        'x-amz-server-side-encryption-aws-kms-key-id': 'key-1',
        'x-amz-tagging': 'team=build&cost=42',
      });
    }
    expect(written.map(({ headers }) => headers['x-amz-meta-slipway-sequence'])).toEqual([undefined, '7']);
  });
});
