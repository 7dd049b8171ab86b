import { runtimeOf, versionOf, type RuntimeChoice, type Runtimes } from '../data/load-runtimes';

/**
 * Images in place of those that the runtimes name, by their build argument, such as NODE_BASE_IMAGE; `{version}` is
 * replaced by the version: `mirror.example.org/node:{version}-slim`.
 */
export type ImageSettings = Readonly<Record<string, string | undefined>>;

/** The images of a version by their build arguments. */
export function imagesOf(
  runtimes: Runtimes,
  choice: RuntimeChoice,
  given: ImageSettings = {},
): Record<string, string> {
  const { argument, final } = runtimeOf(runtimes, choice.family).image;
  const usual = {
    [argument]: versionOf(runtimes, choice).base_image,
    ...(final ? { [final.argument]: final.image } : {}),
  };
  const chosen = Object.entries(usual).map(([name, image]) => {
    return [name, (given[name] || image).replaceAll('{version}', choice.version)] as const;
  });
  return Object.fromEntries(chosen);
}
