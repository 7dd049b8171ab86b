import type { ContainerEnd, ErrorCode } from '@slipway/domain';
import { hostBuilder } from '../host.builder';

const DIGEST = `sha256:${'a'.repeat(64)}`;

function end(part: Partial<ContainerEnd>): ContainerEnd {
  return { head: [], tail: [], ...part };
}

function causeOf(part: Partial<ContainerEnd>) {
  const outcome = hostBuilder.outcome(end(part));
  if (outcome.status === 'success') throw new Error('it succeeded');
  return { status: outcome.status, ...outcome.cause };
}

test('a build that ends well with a digest is a success', () => {
  expect(hostBuilder.outcome(end({ exitCode: 0, digest: DIGEST }))).toEqual({
    status: 'success',
    digest: DIGEST,
  });
});

test.each([
  ['deadline', 'timeout', 'deadline'],
  ['oom', 'failed', 'oom'],
  ['disk_full', 'failed', 'disk_full'],
  ['lost', 'failed', 'lost'],
  ['stopped', 'failed', 'lost'],
] as const)('the reason %s ends as %s with the cause %s, whatever the log says', (reason, status, code) => {
  const tail = ['[slipway] failed build_command: npm run ended with code 1.', 'npm error code E404'];
  expect(causeOf({ reason, tail })).toMatchObject({ status, code });
});

/** Recorded outputs of npm 11, pip 23, Go 1.26 and CPython 3.11 under the build program, cut to the lines around the failure. */
const RECORDED: [string, string[], ErrorCode, string][] = [
  [
    'an npm package that does not exist',
    [
      '[slipway] install: npm install --omit=dev --no-audit --no-fund',
      '[slipway] failed dependency_install: npm install ended with code 1.',
      'npm error code E404',
      'npm error 404 Not Found - GET https://registry.example/slipway-no-such-package-1',
      'npm error 404',
      "npm error 404  The requested resource 'slipway-no-such-package-1@1.0.0' could not be found or you do not have permission to access it.",
    ],
    'dependency_install',
    "npm error 404  The requested resource 'slipway-no-such-package-1@1.0.0' could not be found or you do not have permission to access it.",
  ],
  [
    'an npm version that does not exist',
    [
      '[slipway] failed dependency_install: npm install ended with code 1.',
      'npm error code ETARGET',
      'npm error notarget No matching version found for ms@99.0.0.',
    ],
    'dependency_install',
    'npm error notarget No matching version found for ms@99.0.0.',
  ],
  [
    'npm packages that do not fit together',
    [
      '[slipway] failed dependency_install: npm install ended with code 1.',
      'npm error code ERESOLVE',
      'npm error ERESOLVE unable to resolve dependency tree',
      'npm error While resolving: x@1.0.0',
      'npm error Found: react@18.2.0',
      'npm error Could not resolve dependency:',
      'npm error peer react@"17.0.2" from react-dom@17.0.2',
    ],
    'dependency_install',
    'npm error peer react@"17.0.2" from react-dom@17.0.2',
  ],
  [
    'a lock file that does not match',
    [
      '[slipway] failed dependency_install: npm ci ended with code 1.',
      'npm error code EUSAGE',
      'npm error `npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync.',
      'npm error Missing: ms@2.1.3 from lock file',
    ],
    'dependency_install',
    'npm error Missing: ms@2.1.3 from lock file',
  ],
  [
    'a Python version that does not exist',
    [
      '[slipway] failed dependency_install: pip install ended with code 1.',
      'ERROR: Could not find a version that satisfies the requirement humanize==99.0.0 (from versions: 0.1, 4.17.0)',
      'ERROR: No matching distribution found for humanize==99.0.0',
    ],
    'dependency_install',
    'ERROR: No matching distribution found for humanize==99.0.0',
  ],
  [
    "requirements that contradict the wrapper's",
    [
      'The conflict is caused by:',
      '    The user requested hypercorn==0.16.0',
      '    The user requested Hypercorn==0.17.3',
      '[slipway] failed dependency_install: pip install ended with code 1.',
      'ERROR: Cannot install Hypercorn==0.17.3 and hypercorn==0.16.0 because these package versions have conflicting dependencies.',
      'ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/topics/dependency-resolution/',
    ],
    'dependency_install',
    'ERROR: Cannot install Hypercorn==0.17.3 and hypercorn==0.16.0 because these package versions have conflicting dependencies.',
  ],
  [
    'a Go module that cannot be found',
    [
      '[slipway] install: go mod tidy',
      '[slipway] failed dependency_install: go mod tidy ended with code 1.',
      'go: finding module for package example.invalid/none',
      'go: slipway/function-main imports',
      '\tf imports',
      '\texample.invalid/none: module example.invalid/none: reading https://proxy.example/example.invalid/none/@v/list: 400 Bad Request',
    ],
    'dependency_install',
    'example.invalid/none: module example.invalid/none: reading https://proxy.example/example.invalid/none/@v/list: 400 Bad Request',
  ],
  [
    'a go.mod that is wrong',
    [
      '[slipway] failed dependency_install: go mod download ended with code 1.',
      'go: errors parsing go.mod:',
      'go.mod:5: require github.com/google/uuid: version "v9.9.9" invalid: should be v0 or v1, not v9',
    ],
    'dependency_install',
    'go.mod:5: require github.com/google/uuid: version "v9.9.9" invalid: should be v0 or v1, not v9',
  ],
  [
    'a go line that is newer than the installed Go',
    [
      '[slipway] failed dependency_install: go mod download ended with code 1.',
      'go: go.mod requires go >= 1.99 (running go 1.26.8; GOTOOLCHAIN=local)',
    ],
    'dependency_install',
    'go: go.mod requires go >= 1.99 (running go 1.26.8; GOTOOLCHAIN=local)',
  ],
  [
    'a Go source that does not compile',
    [
      '[slipway] build: go build',
      '[slipway] failed build_command: go build ended with code 1.',
      'go: no module dependencies to download',
      '# f',
      '../../parser.go:2:31: cannot use 1 (untyped int constant) as string value in return statement',
    ],
    'build_command',
    '../../parser.go:2:31: cannot use 1 (untyped int constant) as string value in return statement',
  ],
  [
    'a build script that throws',
    [
      '[slipway] build: npm run build',
      '> node build.js',
      '[slipway] failed build_command: npm run ended with code 1.',
      'throw new TypeError("no template");',
      'TypeError: no template',
      '    at Module._compile (node:internal/modules/cjs/loader:1929:14)',
    ],
    'build_command',
    'TypeError: no template',
  ],
  [
    'a Python source that does not compile',
    [
      '[slipway] compile: python modules',
      "*** Error compiling '/image/app/parser.py'...",
      '  File "/image/app/parser.py", line 2',
      '    return (1',
      "SyntaxError: '(' was never closed",
      '[slipway] failed build_command: compiling ended with code 1.',
    ],
    'build_command',
    "SyntaxError: '(' was never closed",
  ],
  [
    'a full disk during an install',
    [
      '[slipway] failed dependency_install: npm ci ended with code 228.',
      'npm error code ENOSPC',
      'npm error nospc ENOSPC: no space left on device, write',
    ],
    'disk_full',
    'npm error code ENOSPC',
  ],
];

test.each(RECORDED)('%s is told by its own line', (_, tail, code, line) => {
  expect(causeOf({ exitCode: 1, tail })).toMatchObject({
    status: 'failed',
    code,
    log_line: line,
    retryable: code === 'disk_full',
  });
});

test("a source's own Dockerfile is refused by its code, and the sentence says so", () => {
  const tail = [
    '[slipway] failed builder_unsupported: The source brings its own Dockerfile, which the host builder does not follow.',
  ];
  expect(causeOf({ exitCode: 1, tail })).toMatchObject({
    code: 'builder_unsupported',
    message: 'The source brings its own Dockerfile, which the host builder does not follow.',
  });
});

test('a registry that cannot be reached may be tried again', () => {
  const tail = ['[slipway] failed dependency_install: npm ci ended with code 1.', 'npm error code EAI_AGAIN'];
  expect(causeOf({ exitCode: 1, tail })).toMatchObject({ code: 'dependency_install', retryable: true });
});

test('an end that nothing explains is the crash of the builder, with its last words', () => {
  expect(causeOf({ exitCode: 3, tail: ['something odd', ''] })).toMatchObject({
    code: 'builder_crashed',
    log_line: 'something odd',
    retryable: true,
  });
  expect(causeOf({})).toMatchObject({ code: 'builder_crashed', message: 'The builder was killed.' });
});

test('a builder that ends well without a digest has crashed', () => {
  expect(causeOf({ exitCode: 0 })).toMatchObject({ code: 'builder_crashed' });
});

test('a success says which language version was really used', () => {
  const head = [
    '[slipway] unpack: 3 files',
    '[slipway] runtime: python 3.11.2 (asked for 3.13, used 3.11.2)',
  ];
  expect(hostBuilder.outcome(end({ exitCode: 0, digest: DIGEST, head }))).toMatchObject({
    runtime: 'python 3.11.2 (asked for 3.13, used 3.11.2)',
  });
});
