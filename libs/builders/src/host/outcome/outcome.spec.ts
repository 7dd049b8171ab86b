import { runInNewContext } from 'node:vm';
import type { ContainerEnd } from '@slipway/domain';
import { GO_FAILURES } from '../../../test/recorded/go-failures';
import { NODE_FAILURES } from '../../../test/recorded/node-failures';
import { PYTHON_FAILURES } from '../../../test/recorded/python-failures';
import { hostBuilder } from '../host.builder';
import { failureIn } from './log-lines';
import { isNetworkTrouble, tellingLine } from './telling-lines';

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

test.each([...NODE_FAILURES, ...PYTHON_FAILURES, ...GO_FAILURES])(
  '%s is told by its own line',
  (_, tail, code, line) => {
    expect(causeOf({ exitCode: 1, tail })).toMatchObject({
      status: 'failed',
      code,
      log_line: line,
      retryable: code === 'disk_full',
    });
  },
);

test("a source's own Dockerfile is refused by its code, and the sentence says so", () => {
  const tail = [
    '[slipway] failed builder_unsupported: The source brings its own Dockerfile, which the host builder does not follow.',
  ];
  expect(causeOf({ exitCode: 1, tail })).toMatchObject({
    code: 'builder_unsupported',
    message: 'The source brings its own Dockerfile, which the host builder does not follow.',
  });
});

test.each([
  'npm error code EAI_AGAIN',
  '\u2009ERR_PNPM_META_FETCH_FAIL\u2009 GET http://127.0.0.1:9/ms: request to http://127.0.0.1:9/ms failed, reason: connect ECONNREFUSED 127.0.0.1:9',
  'error Error: connect ECONNREFUSED 127.0.0.1:9',
  '➤ YN0001: │ RequestError: connect ECONNREFUSED 127.0.0.1:9',
])('a registry that cannot be reached may be tried again: %s', (line) => {
  const tail = ['[slipway] failed dependency_install: installing ended with code 1.', line];
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

/** Of which hostile lines are made; a line is cut to 2,000 characters before it gets here. */
const REPEATED = [
  ...[
    '../',
    './',
    'a/',
    'a.',
    'a1',
    '.',
    '-',
    '/',
    ' ',
    '\u2009',
    'E',
    '1',
    ':1',
    '{',
    'a.go:1',
    'verifying ',
  ],
  ...['verifying x: ', ' error TS1', 'no space left on ', 'Response Code: '],
];

test.each([
  ...REPEATED.map((unit) => ['', unit, '']),
  ...['npm error 404 ', 'npm error code ELIFECYCLE', 'go: ', ': module ', ' error TS'].map((start) => [
    start,
    'x',
    '',
  ]),
  ['', '../', '!'],
  ['main.go:', '1', '!'],
  ['', 'a', 'Error:'],
  ['', ' ', 'SyntaxError'],
  ['', '[slipway] failed ', ''],
])(
  'a line that tells nothing does not hold up its reader: %j, %j again and again, %j',
  (start, unit, rest) => {
    const lines = [start + unit.repeat(2_000 / unit.length) + rest];
    const told = runInNewContext(
      '[tellingLine(lines), isNetworkTrouble(lines), failureIn(lines)]',
      { failureIn, isNetworkTrouble, tellingLine, lines },
      { timeout: 5_000 },
    );
    expect(told).toEqual([undefined, false, undefined]);
  },
);
