import type { Random } from '../../../chaos/lib/random.ts';

export interface SourceFile {
  path: string;
  text: string;
}

const SYLLABLES =
  'ac an ba ca co de di er ex fi ge in ka la lo ma mo ne or pa qu re si ta ti un va we yo zu'.split(' ');
const WORDS = 2_000;
const FILE_BYTES = { least: 5 * 1024, most: 20 * 1024 };

type Words = readonly string[];

function wordsOf(random: Random): string[] {
  const word = () => Array.from({ length: 2 + random.below(3) }, () => random.pick(SYLLABLES)).join('');
  return Array.from({ length: WORDS }, word);
}

/** Half of what stands in a file are names that this file often uses, as in sources that people write. */
function namesOf(random: Random, words: Words): () => string {
  const own = Array.from({ length: 40 }, () => random.pick(words));
  return () => (random.next() < 0.5 ? random.pick(own) : random.pick(words));
}

function statements(random: Random, name: () => string): string[] {
  const amount = String(random.below(100_000));
  return [
    `  const ${name()} = ${name()}.${name()}(${name()}, ${amount});\n`,
    `  if (${name()} === '${name()}-${name()}') return ${name()};\n`,
    `  ${name()}.set('${name()}', { ${name()}: ${name()}, ${name()}: ${amount} });\n`,
    `  // ${name()} ${name()} ${name()} the ${name()} of a ${name()} before ${name()}\n`,
    `  for (const ${name()} of ${name()}) ${name()}.push(${name()});\n`,
  ];
}

function fileText(random: Random, words: Words, bytes: number): string {
  const name = namesOf(random, words);
  let text = "'use strict';\n";
  while (text.length < bytes) {
    text += `\nexports.${name()} = function ${name()}(${name()}, ${name()}) {\n`;
    for (let line = random.below(12); line >= 0; line -= 1) text += random.pick(statements(random, name));
    text += '};\n';
  }
  return text;
}

/** A function for Node of about so many bytes in files of 5 to 20 KiB; gzip makes it three to four times smaller. */
export function sourceFiles(random: Random, bytes: number): SourceFile[] {
  const words = wordsOf(random);
  const files: SourceFile[] = [
    { path: 'package.json', text: '{ "name": "bench", "main": "index.js" }\n' },
    { path: 'index.js', text: 'module.exports = async () => ({ said: "hello" });\n' },
  ];
  const { least, most } = FILE_BYTES;
  for (let left = bytes; left > 0; left -= files.at(-1)!.text.length) {
    const size = Math.min(left, least + random.below(most - least));
    files.push({
      path: `lib/part-${String(files.length).padStart(3, '0')}.js`,
      text: fileText(random, words, size),
    });
  }
  return files;
}
