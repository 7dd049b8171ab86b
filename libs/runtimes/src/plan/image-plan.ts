import type { RuntimeChoice } from '../data/load-runtimes';
import type { PackageManager } from '../detect/package-manager';

/** What is started in the finished image. `file` is a path inside the function's own tree. */
export type Start =
  /** The manifest's start script. */
  | { kind: 'script'; script: 'start' }
  /** The handler that the file exports, called by the wrapper. */
  | { kind: 'handler'; file: string }
  /** The file itself, which must serve PORT. */
  | { kind: 'file'; file: string }
  /** Whatever the source's own Dockerfile says. */
  | { kind: 'dockerfile' };

export type FileStart = Extract<Start, { file: string }>;

/** `.slipway/plan.json` of a context: what a builder needs to know beyond the files. */
export interface ImagePlan {
  schema: 1;
  runtime: RuntimeChoice;
  start: Start;
  /** What installs the packages; absent where the language has no choice. `packageManagerOrders` has its commands. */
  packageManager?: PackageManager;
  /** Files that the source did not have and was given. */
  supplied: string[];
}

/** Folder of the context that is ours: the plan and the wrapper lie in it. */
export const OWN_FOLDER = '.slipway';
export const PLAN_FILE = `${OWN_FOLDER}/plan.json`;
export const WRAPPER_FOLDER = `${OWN_FOLDER}/wrapper`;

/** Reads a plan from a context. Throws an Error where it is not one that this version understands. */
export function readImagePlan(json: string): ImagePlan {
  const plan = JSON.parse(json) as ImagePlan | null;
  if (plan?.schema !== 1 || typeof plan.runtime?.family !== 'string' || !isStart(plan.start)) {
    throw new Error('the plan of the context is not of schema 1');
  }
  return plan;
}

function isStart(start: Start | undefined): boolean {
  switch (start?.kind) {
    case 'handler':
    case 'file':
      return typeof start.file === 'string' && isTreePath(start.file);
    case 'script':
    case 'dockerfile':
      return true;
    default:
      return false;
  }
}

/** Whether a path leads to a file below the function's folder, and means the same on every file system. */
export function isTreePath(path: string): boolean {
  const odd = /[\\\uFFFD\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Surrogate}]|^[A-Za-z]:/u;
  if (Buffer.byteLength(path) > 1024 || odd.test(path)) return false;
  return path.split('/').every((part) => !['', '.', '..'].includes(part) && Buffer.byteLength(part) <= 255);
}
