import type { Context } from './context.ts';
import { labProgram, labSettings, startInLab } from './lab.ts';
import { tellingLine } from './log-file.ts';
import type { RunRecord } from './run-record.ts';
import { S3_PROCESS, type S3Login } from './s3-login.ts';

/** Starts the S3 server of the lab. Undefined where there is no lab, or its server does not start. */
export async function startLabS3(
  context: Context,
  record: RunRecord,
  note: (text: string) => void,
): Promise<S3Login | undefined> {
  const lab = labProgram(context);
  if (!lab) return undefined;
  note("the lab's, whose programs are unpacked the first time");
  const { code, output } = await startInLab(context, record, lab, {
    command: ['build', 'up', 's3'],
    names: [S3_PROCESS],
  });
  if (code !== 0) {
    note(`the lab's does not start: ${tellingLine(output.split('\n').filter(Boolean))}`);
    return undefined;
  }
  const variables = ['LAB_S3_ENDPOINT', 'LAB_S3_ACCESS_KEY_ID', 'LAB_S3_SECRET_ACCESS_KEY'];
  const [endpoint = '', accessKeyId = '', secretAccessKey = ''] = await labSettings(
    context,
    lab,
    ...variables,
  );
  return { endpoint, accessKeyId, secretAccessKey };
}
