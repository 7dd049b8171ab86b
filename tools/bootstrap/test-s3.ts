import type { Context } from './context.ts';
import { answersHttp } from './readiness.ts';
import { Refusal } from './refusal.ts';
import type { RunRecord } from './run-record.ts';
import type { S3Login } from './s3-login.ts';
import { startLabS3 } from './test-s3-lab.ts';
import { startMoto } from './test-s3-moto.ts';

/** What to do where there is none. */
export const NO_S3 =
  'The specs of S3 will fail, because no S3 server could be started: name one in S3_ENDPOINT (with S3_REGION, ' +
  'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY), or make moto possible (Debian: apt-get install python3-venv; ' +
  "else: pip install 'moto[s3,server]').";

function environmentOf({ endpoint, accessKeyId, secretAccessKey }: S3Login): NodeJS.ProcessEnv {
  return {
    S3_ENDPOINT: endpoint,
    S3_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    // The caller's own would be taken along with these keys, or instead of them.
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
  };
}

async function given(endpoint: string): Promise<NodeJS.ProcessEnv> {
  if (await answersHttp(endpoint)) return { S3_ENDPOINT: endpoint };
  throw new Refusal(
    'S3_ENDPOINT names an S3 server that does not answer: start it, or unset S3_ENDPOINT so that the tests start one of their own.',
  );
}

/**
 * Brings up one S3 server for all specs and returns the environment that leads to it: the server of S3_ENDPOINT, else the
 * lab's where a lab stands beside the clone, else moto. The environment is empty where none can be had.
 */
export async function ensureTestS3(
  context: Context,
  record: RunRecord,
  note: (text: string) => void,
): Promise<NodeJS.ProcessEnv> {
  if (context.env.S3_ENDPOINT) return given(context.env.S3_ENDPOINT);
  const login = (await startLabS3(context, record, note)) ?? (await startMoto(context, record, note));
  return login ? environmentOf(login) : {};
}
