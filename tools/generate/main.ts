// Writes the generated pages, or with --check says which of them are not up to date.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const check = process.argv.includes('--check');

execFileSync(process.execPath, [join(root, 'tools/build/bundle.mjs'), 'tools/generate/reference'], {
  cwd: root,
});
const output = execFileSync(process.execPath, [join(root, 'dist/tools/generate/reference/main.js')], {
  cwd: root,
});
const pages = JSON.parse(output.toString('utf8')) as Record<string, string>;

const stale = Object.entries(pages).filter(([path, text]) => {
  const file = join(root, path);
  return !existsSync(file) || readFileSync(file, 'utf8') !== text;
});
for (const [path, text] of stale) {
  if (check) process.stderr.write(`${path} is not up to date: run \`npm run generate\` and commit it.\n`);
  else writeFileSync(join(root, path), text);
}
process.stdout.write(`${Object.keys(pages).length} pages, ${stale.length} ${check ? 'stale' : 'written'}\n`);
process.exit(check && stale.length > 0 ? 1 : 0);
