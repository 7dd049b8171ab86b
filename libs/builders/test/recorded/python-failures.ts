import type { RecordedFailure } from './recorded-failure';

/** pip 23 and 24, CPython 3.11. */
export const PYTHON_FAILURES: RecordedFailure[] = [
  [
    'Python requirements of which one contradicts what another needs',
    [
      'The conflict is caused by:',
      '    The user requested urllib3==1.20',
      '    requests 2.31.0 depends on urllib3<3 and >=1.21.1',
      '[slipway] failed dependency_install: pip install ended with code 1.',
      'ERROR: Cannot install -r requirements.txt (line 1) and urllib3==1.20 because these package versions have conflicting dependencies.',
      'ERROR: ResolutionImpossible: for help visit https://pip.example/',
    ],
    'dependency_install',
    'ERROR: Cannot install -r requirements.txt (line 1) and urllib3==1.20 because these package versions have conflicting dependencies.',
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
];
