import { createHash, createHmac } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { presignedUrl } from './presigned-url';

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** The signature that a server expects of a presigned GET (Signature Version 4, "Authenticating requests: query parameters"). */
function expectedSignature(url: URL, secret: string): string {
  const pairs = url.search.slice(1).split('&');
  const query = pairs.filter((pair) => !pair.startsWith('X-Amz-Signature=')).sort();
  const request = ['GET', url.pathname, query.join('&'), `host:${url.host}`, '', 'host', 'UNSIGNED-PAYLOAD'];
  const scope = url.searchParams.get('X-Amz-Credential')!.split('/').slice(1);
  const digest = createHash('sha256').update(request.join('\n')).digest('hex');
  const date = url.searchParams.get('X-Amz-Date');
  const toSign = ['AWS4-HMAC-SHA256', date, scope.join('/'), digest].join('\n');
  return hmac(scope.reduce<string | Buffer>(hmac, `AWS4${secret}`), toSign).toString('hex');
}

function signatureOf(url: URL): string | null {
  return url.searchParams.get('X-Amz-Signature');
}

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

describe('a presigned URL', () => {
  it('of the documentation of S3 has the signature that these tests expect', () => {
    const url = new URL(
      'https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256' +
        '&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z' +
        '&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
        '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    );
    expect(signatureOf(url)).toBe(expectedSignature(url, SECRET));
  });

  it.each([
    [
      'an object in the path of a server',
      'http://127.0.0.1:9000',
      true,
      'http://127.0.0.1:9000/contexts/a/b',
    ],
    ['a bucket with a host name', undefined, false, 'https://contexts.s3.eu-central-1.amazonaws.com/a/b'],
  ])('of %s is signed as S3 demands', async (_, endpoint, forcePathStyle, address) => {
    const credentials = {
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: SECRET,
      sessionToken: 'a+b/c=',
    };
    const client = new S3Client({ endpoint, forcePathStyle, region: 'eu-central-1', credentials });
    const url = new URL(await presignedUrl(client, { Bucket: 'contexts', Key: 'a/b' }, 60));
    expect(url.href.startsWith(`${address}?`)).toBe(true);
    expect(url.searchParams.get('X-Amz-Expires')).toBe('60');
    expect(url.searchParams.get('X-Amz-Security-Token')).toBe('a+b/c=');
    expect(signatureOf(url)).toBe(expectedSignature(url, SECRET));
    expect(url.href).not.toContain(encodeURIComponent(SECRET));
  });

  it('cannot be had for longer than the week that S3 allows', async () => {
    const credentials = { accessKeyId: 'key', secretAccessKey: SECRET };
    const client = new S3Client({ region: 'us-east-1', credentials });
    await expect(presignedUrl(client, { Bucket: 'contexts', Key: 'a' }, 604_801)).rejects.toThrow('one week');
  });
});
