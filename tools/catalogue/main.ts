/** `npm run catalogue:import | catalogue:export | catalogue:generate | catalogue:check`. */
import { ensureGenerated } from '../generate/prisma.ts';
import { CommandFailure } from './command-failure.ts';

type Command = { readonly run: (args: readonly string[]) => Promise<number> };

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  import: () => import('./run-import.ts'),
  export: () => import('./run-export.ts'),
  generate: () => import('./run-generate.ts'),
  check: () => import('./run-check.ts'),
};

const [name = '', ...args] = process.argv.slice(2);
const load = commands[name];
if (!load) {
  console.error(`Usage: npm run catalogue:${Object.keys(commands).join(' | catalogue:')}`);
  process.exit(2);
}
// Before anything that needs the clients is loaded.
await ensureGenerated();
try {
  process.exitCode = await (await load()).run(args);
} catch (error) {
  if (!(error instanceof CommandFailure)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}
