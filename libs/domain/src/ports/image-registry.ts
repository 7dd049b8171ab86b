export abstract class ImageRegistry {
  /**
   * The digest (`sha256:` + 64 hex) that the registry holds for a reference (`…:tag` or `…@sha256:…`), or undefined
   * where it holds none. Fails with `unavailable` where it cannot be asked: that is not "absent".
   */
  abstract digestOf(reference: string): Promise<string | undefined>;
}
