import type { ImagePlan, Runtimes } from '@slipway/runtimes';
import type { ImageManifest } from '../image/image-manifest';
import type { HostBuildSettings } from './settings';

export interface LanguageBuild {
  settings: HostBuildSettings;
  runtimes: Runtimes;
  plan: ImagePlan;
  /** The function's own tree inside the image; `.slipway` still lies in it. */
  app: string;
  say: (step: string, detail: string) => void;
}

/** What a language adds to the manifest of the image. */
export type BuiltLanguage = Pick<ImageManifest, 'version' | 'interpreter' | 'args' | 'wrapper' | 'notes'>;

/** Installs and compiles in place, below `output`. One per runtime family. */
export type BuildLanguage = (build: LanguageBuild) => Promise<BuiltLanguage>;
