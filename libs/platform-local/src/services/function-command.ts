import { functionCommand, readImageManifest } from '@slipway/builders';
import { SlipwayError } from '@slipway/domain';
import { imageFolder } from '../images/image-store';
import { stateLayout } from '../layout/state-layout';

/** How the process of a function is started. */
export interface FunctionCommand {
  command: string;
  args: string[];
  env: Record<string, string>;
  cwd: string;
  /** It may serve its port by itself and know nothing of health paths, so any HTTP answer shows that it is ready. */
  anyAnswer: boolean;
}

/** The command for an image of this store. Fails with `deploy_failed` where the image is gone or says nothing of use. */
export async function localFunctionCommand(root: string, digest: string): Promise<FunctionCommand> {
  const imageDir = imageFolder(root, digest);
  const image = await readImageManifest(imageDir).catch((cause: unknown) => {
    throw new SlipwayError(
      'deploy_failed',
      `The image ${digest} is not in the local store, or cannot be started.`,
      { cause },
    );
  });
  const command = functionCommand({ imageDir, wrappersDir: stateLayout(root).wrappers, image });
  return { ...command, anyAnswer: image.wrapper === undefined };
}
