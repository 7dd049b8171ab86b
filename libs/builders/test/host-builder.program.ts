import { runHostBuild } from '../src/index';

void runHostBuild().then((code) => {
  process.exitCode = code;
});
