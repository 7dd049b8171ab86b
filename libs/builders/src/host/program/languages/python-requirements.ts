import { execFile } from 'node:child_process';
import { cp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { OWN_FOLDER } from '@slipway/runtimes';
import { BuildFailure } from '../build-failure';
import type { LanguageBuild } from '../language-build';

/** What pip is told to install for a source, and remarks for the build's history. */
export interface PythonRequirements {
  args: string[];
  /** The same in words. */
  title: string;
  notes: string[];
}

const LOCK_FILES = ['poetry.lock', 'uv.lock', 'pdm.lock', 'Pipfile.lock'];

/**
 * `requirements.txt`, else `pyproject.toml`: built and installed where it names a build system, as pip does; else only what
 * it depends on, as uv does, for its modules are found beside the function. Fails with `dependency_install`.
 */
export async function pythonRequirements(build: LanguageBuild, pip: string): Promise<PythonRequirements> {
  const files = await readdir(build.app);
  const manifest = ['requirements.txt', 'pyproject.toml'].find((name) => files.includes(name));
  const notes = LOCK_FILES.filter((name) => files.includes(name)).map(
    (name) => `${name} is not read: what ${manifest} allows is installed`,
  );
  switch (manifest) {
    case 'requirements.txt':
      return { args: ['-r', manifest], title: manifest, notes };
    case 'pyproject.toml':
      return { args: await projectArgs(build, pip), title: manifest, notes };
    default:
      return { args: [], title: 'nothing', notes };
  }
}

async function projectArgs({ app, settings }: LanguageBuild, pip: string): Promise<string[]> {
  const { packaged, dependencies } = await readProject(app, pip);
  if (packaged) {
    // Build systems leave folders of their own beside the source.
    const copy = join(settings.workDir, 'source');
    await cp(app, copy, { recursive: true, filter: (path) => path !== join(app, OWN_FOLDER) });
    return [copy];
  }
  const file = join(settings.workDir, 'requirements.txt');
  await writeFile(file, dependencies.map((each) => `${each}\n`).join(''));
  return ['-r', file];
}

interface Project {
  packaged: boolean;
  dependencies: string[];
}

const READ_PROJECT = `
import json, sys
try:
    import tomllib
except ModuleNotFoundError:
    from pip._vendor import tomli as tomllib
try:
    with open("pyproject.toml", "rb") as file:
        content = tomllib.load(file)
except ValueError as error:
    sys.exit(str(error))
project = content.get("project", {})
if not isinstance(project, dict):
    sys.exit("project must be a table")
def strings(name):
    value = project.get(name, [])
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return value
    sys.exit(f"project.{name} must be an array of strings")
packaged = "build-system" in content or "dependencies" in strings("dynamic")
print(json.dumps({"packaged": packaged, "dependencies": strings("dependencies")}))
`;

async function readProject(app: string, python: string): Promise<Project> {
  const read = promisify(execFile)(python, ['-I', '-c', READ_PROJECT], { cwd: app, env: {} });
  const { stdout } = await read.catch((error: Error & { stderr?: string }) => {
    throw new BuildFailure(
      'dependency_install',
      `pyproject.toml cannot be read: ${error.stderr || error.message}`,
    );
  });
  return JSON.parse(stdout) as Project;
}
