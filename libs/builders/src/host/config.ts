/** What this process was given. The one place of this library that reads it. */
export interface HostEnvironment {
  variables: Readonly<Record<string, string | undefined>>;
  /** Where programs are looked for. */
  searchPath: string;
}

/** Go's own installer does not put itself on PATH. */
const USUAL_PLACES = ['/usr/local/go/bin'];

export function hostEnvironment(variables: NodeJS.ProcessEnv = process.env): HostEnvironment {
  return {
    variables,
    searchPath: [variables['PATH'] ?? '/usr/local/bin:/usr/bin:/bin', ...USUAL_PLACES].join(':'),
  };
}
