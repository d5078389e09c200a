/** `npm run catalogue:import | catalogue:export | catalogue:generate | catalogue:check`. */
import { CommandFailure, EXIT } from './command-failure.ts';

type Command = { readonly run: (args: readonly string[]) => Promise<number> };

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  import: () => import('./run-import.ts'),
  export: () => import('./run-export.ts'),
  generate: () => import('./run-generate.ts'),
  check: () => import('./run-check.ts'),
};

const [name = '', ...args] = process.argv.slice(2);
const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (!load) {
  const usage = `Usage: npm run catalogue:${Object.keys(commands).join(' | catalogue:')}`;
  const isHelp = name === '--help' || name === '-h';
  (isHelp ? console.log : console.error)(usage);
  process.exit(isHelp ? EXIT.done : EXIT.usage);
}
try {
  process.exitCode = await (await load()).run(args);
} catch (error) {
  if (!(error instanceof CommandFailure)) throw error;
  (error.exitCode === EXIT.done ? console.log : console.error)(error.message);
  process.exitCode = error.exitCode;
}
