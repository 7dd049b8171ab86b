import { GetObjectCommand, type GetObjectCommandInput, type S3Client } from '@aws-sdk/client-s3';

/** A request as it stands after the SDK resolved the endpoint and before it is sent. */
interface Request {
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  query?: Record<string, string | string[] | null>;
  headers: Record<string, string>;
}

interface Presigner {
  presign(request: Request, options: { expiresIn: number }): Promise<Request>;
}

/**
 * The URL under which anyone may read the object for `seconds`: at most a week, and temporary credentials end it earlier.
 * Nothing is sent: the SDK resolves address, region and credentials as for a real request, and its own signer signs the
 * query instead of the headers (Signature Version 4, "Authenticating requests: query parameters").
 */
export async function presignedUrl(
  client: S3Client,
  object: GetObjectCommandInput,
  seconds: number,
): Promise<string> {
  const command = new GetObjectCommand(object);
  let signed: Request | undefined;
  command.middlewareStack.add(
    () => async (args) => {
      const request = args.request as Request;
      const signer = (await client.config.signer()) as unknown as Presigner;
      // Whoever follows the URL sends no header but the host, and S3 wants this word in place of a hash of the body.
      const headers = { host: request.headers['host']!, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
      signed = await signer.presign({ ...request, headers }, { expiresIn: seconds });
      return { response: undefined, output: { $metadata: {} } };
    },
    { name: 'presign', step: 'finalizeRequest', priority: 'low' },
  );
  await client.send(command);
  return urlOf(signed!);
}

function urlOf({ protocol, headers, path, query = {} }: Request): string {
  // Not URLSearchParams, which writes a space as "+": that would not be what was signed.
  const pairs = Object.entries(query).map(([name, value]) => [name, String(value)].map(encodeURIComponent));
  return `${protocol}//${headers['host']}${path}?${pairs.map((pair) => pair.join('=')).join('&')}`;
}
