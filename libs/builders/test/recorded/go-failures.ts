import type { RecordedFailure } from './recorded-failure';

/** Go 1.26. */
export const GO_FAILURES: RecordedFailure[] = [
  [
    'a go.sum with another checksum',
    [
      '[slipway] failed dependency_install: go mod download ended with code 1.',
      'verifying github.com/google/uuid@v1.6.0: checksum mismatch',
      '\tdownloaded: h1:NIvaJDMOsjHA8n1jAhLSgzrAzy1Hgr+hNrb57e+94F0=',
      '\tgo.sum:     h1:AAAvr7Qm1x5lcIU8XqG0bCLOxGoTrGgeTfBLBOWdYAo=',
      '',
      'SECURITY ERROR',
      'This download does NOT match an earlier download recorded in go.sum.',
    ],
    'dependency_install',
    'verifying github.com/google/uuid@v1.6.0: checksum mismatch',
  ],
  [
    'a go.sum that lacks a module',
    [
      '[slipway] failed build_command: go build ended with code 1.',
      'main.go:3:8: missing go.sum entry for module providing package github.com/google/uuid (imported by f); to add:',
      '\tgo get f',
    ],
    'dependency_install',
    'main.go:3:8: missing go.sum entry for module providing package github.com/google/uuid (imported by f); to add:',
  ],
  [
    'a go.mod that lacks a module',
    [
      '[slipway] failed build_command: go build ended with code 1.',
      'go: no module dependencies to download',
      'main.go:3:8: no required module provides package github.com/google/uuid; to add it:',
      '\tgo get github.com/google/uuid',
    ],
    'dependency_install',
    'main.go:3:8: no required module provides package github.com/google/uuid; to add it:',
  ],
  [
    'a Go version that a proxy does not have',
    [
      '[slipway] failed dependency_install: go mod download ended with code 1.',
      'go: github.com/google/uuid@v1.99.0: reading https://proxy.example/github.com/google/uuid/@v/v1.99.0.mod: 403 Forbidden',
      '\tserver response: This module version is not available.',
    ],
    'dependency_install',
    'go: github.com/google/uuid@v1.99.0: reading https://proxy.example/github.com/google/uuid/@v/v1.99.0.mod: 403 Forbidden',
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
];
