/**
 * A process that runs one command line after another, as `main.ts` runs its own: most of the time of
 * a command is that of loading its modules.
 */
import { runProgram } from '@cartograph/command';
import { makeCatalogueProgram } from '../catalogue-program.ts';

/** What the process receives. */
export type CommandLine = {
  readonly args: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
};

type Written = Uint8Array | string;

const run = async ({ args, folder, env }: CommandLine) => {
  const texts = { out: '', err: '' };
  const collect =
    (name: keyof typeof texts): typeof process.stdout.write =>
    (chunk: Written, encoding?: unknown, done?: unknown) => {
      texts[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      const callback = typeof encoding === 'function' ? encoding : done;
      if (typeof callback === 'function') callback();
      return true;
    };
  process.stdout.write = collect('out');
  process.stderr.write = collect('err');
  process.exitCode = undefined;
  process.chdir(folder);
  Object.assign(process.env, env);
  const code = await runProgram(makeCatalogueProgram(), args).catch((error: unknown) => {
    texts.err += String(error);
    return -1;
  });
  process.exitCode = undefined;
  return { code, ...texts };
};

process.on('message', (line: CommandLine) => {
  void run(line).then((ended) => process.send?.(ended));
});
