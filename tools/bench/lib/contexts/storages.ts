import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Context } from '../../../bootstrap/context.ts';
import { SOURCE_BUCKET, type Upload } from './sources.ts';

/** Where sources come from and contexts go to. */
export interface Storage {
  name: string;
  settings: Record<string, string>;
  upload: Upload;
}

/** Nothing but what is measured. */
const QUIET = { CONTEXT_SWEEP: 'off', LOG_LEVEL: 'warn' };

/** Folders, as on a laptop. */
export function folders({ state }: Context): Storage {
  return {
    name: 'file',
    settings: { ...QUIET, CONTEXT_STORE: 'file' },
    async upload(key, bytes) {
      const path = join(state.objects, SOURCE_BUCKET, key);
      mkdirSync(dirname(path), { recursive: true });
      await writeFile(path, bytes);
    },
  };
}

/** The S3 server at this address. */
export function s3(endpoint: string): Storage {
  return {
    name: 's3',
    settings: {
      ...QUIET,
      CONTEXT_STORE: 's3',
      OBJECT_STORE_URL: 's3://',
      CONTEXT_BUCKET: 'slipway-contexts',
      S3_ENDPOINT: endpoint,
      S3_FORCE_PATH_STYLE: 'on',
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench-secret',
    },
    async upload(key, bytes) {
      const response = await fetch(`${endpoint}/${SOURCE_BUCKET}/${key}`, {
        method: 'PUT',
        body: new Uint8Array(bytes),
      });
      if (!response.ok) throw new Error(`The S3 server answered ${response.status} to the upload of ${key}.`);
    },
  };
}
