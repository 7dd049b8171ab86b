import type { Context } from './context.ts';
import { KUBERNETES_PROCESSES } from './kubernetes-processes.ts';
import { labProgram, labSettings, startInLab } from './lab.ts';
import { tellingLine } from './log-file.ts';
import { Refusal } from './refusal.ts';
import type { RunRecord } from './run-record.ts';

/**
 * Starts the control plane of the lab and returns its kubeconfig file; undefined where there is no lab. Throws a Refusal
 * where the lab does not start.
 */
export async function startLabKubernetes(
  context: Context,
  record: RunRecord,
  note: (text: string) => void,
): Promise<string | undefined> {
  const lab = labProgram(context);
  if (!lab) return undefined;
  note("the lab's, whose programs are unpacked the first time");
  const { code, output } = await startInLab(context, record, lab, {
    command: ['up', '--control-plane'],
    names: KUBERNETES_PROCESSES,
  });
  if (code === 0) return (await labSettings(context, lab, 'KUBECONFIG'))[0];
  throw new Refusal(
    `The lab's control plane does not start: ${tellingLine(output.split('\n').filter(Boolean))}`,
  );
}
