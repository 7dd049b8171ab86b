import { stat } from 'node:fs/promises';

/** Whether a path leads somewhere, links followed. Throws where that cannot be seen. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
