import { parseArgs } from 'node:util';
import { createContext, type Surroundings } from './context.ts';
import { runToolProgram } from './tool-program.ts';
import { Refusal } from './refusal.ts';
import { reset } from './reset.ts';
import { RunRecord } from './run-record.ts';
import { runTests } from './run-tests.ts';
import { start, stop } from './start.ts';
import { showStatus } from './status.ts';
import { countsLine, exitCodeOf, type TestCounts } from './test-counts.ts';
import { verify } from './verify.ts';

type Command = (args: string[], from: Surroundings) => Promise<number>;

/** The switches that were given; throws a Refusal for anything that the command does not know. */
function switches<Name extends string>(args: string[], ...known: Name[]): Record<Name, boolean> {
  try {
    const options = Object.fromEntries(
      known.map((name) => [name, { type: 'boolean' as const, default: false }]),
    );
    return parseArgs({ args, options }).values as Record<Name, boolean>;
  } catch (error) {
    const list =
      known.length > 0
        ? `the options are ${known.map((name) => `--${name}`).join(' ')}`
        : 'there are no options';
    throw new Refusal(`${(error as Error).message.split('. ')[0]}: ${list}.`, 2);
  }
}

async function showCounts({ steps }: Surroundings, work: Promise<TestCounts>): Promise<number> {
  const counts = await work;
  steps.line(countsLine(counts));
  return exitCodeOf(counts);
}

const COMMANDS: Record<string, Command> = {
  start: (args, from) => {
    const given = switches(args, 'no-demo', 'detach');
    return start(createContext('start', from), { demo: !given['no-demo'], detach: given.detach });
  },
  stop: (args, from) => {
    switches(args);
    return stop(createContext('start', from));
  },
  status: (args, from) => {
    const { json } = switches(args, 'json');
    return showStatus(new RunRecord(createContext('start', from).state.run), from.steps, json);
  },
  reset: (args, from) => {
    const { yes } = switches(args, 'yes');
    const context = createContext('start', from);
    return reset(context, new RunRecord(context.state.run), yes);
  },
  test: (args, from) => showCounts(from, runTests(createContext('test', from), args)),
  verify: (args, from) => {
    switches(args);
    return showCounts(from, verify(createContext('test', from)));
  },
  bench: ([name = '', ...args], from) => runToolProgram(from, 'bench', name, args),
  chaos: ([first = '', ...rest], from) =>
    first === '' || first.startsWith('-')
      ? runToolProgram(from, 'chaos', 'faults', first === '' ? [] : [first, ...rest])
      : runToolProgram(from, 'chaos', first, rest),
  generate: (args, from) => runToolProgram(from, 'generate', 'main', args),
};

/** Runs one command and resolves to its exit code. Throws a Refusal where it cannot be done. */
export async function runCommand([name = '', ...args]: string[], from: Surroundings): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command)
    throw new Refusal(
      `There is no command "${name}": the commands are ${Object.keys(COMMANDS).join(', ')}.`,
      2,
    );
  return command(args, from);
}
