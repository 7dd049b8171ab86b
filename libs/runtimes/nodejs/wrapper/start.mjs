// Serves one function through faas-js-runtime: node start.mjs <file of the function>
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { loadFunction } from './load-function.mjs';
import { listenOn } from './listen-on.mjs';
import { answering } from './answering.mjs';

const require = createRequire(import.meta.url);

async function main(file) {
  const found = await loadFunction(pathToFileURL(file));
  const { PORT = '8080', SLIPWAY_LISTEN_HOST: host } = process.env;
  if (host) listenOn(host);
  const { start } = require('faas-js-runtime');
  await start(
    { ...found.lifecycle, handle: answering(found, process.env) },
    // `config` names a folder without func.yaml: the function's own would otherwise move the port.
    { port: Number(PORT), logLevel: 'warn', bodyLimit: 10 * 1024 * 1024, config: import.meta.dirname },
  );
}

main(process.argv[2]).catch((error) => {
  console.error(error);
  process.exit(1);
});
