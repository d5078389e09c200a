import { parseArgs } from 'node:util';
import { CommandFailure, EXIT, misused, printable, readWords } from './command-failure.ts';
import { fillCatalogue } from './fill-catalogue.ts';
import { listenForInterrupt } from './interrupt.ts';
import { readCatalogueSettings } from './product-database.ts';
import { makeProgress } from './progress.ts';
import { describeImport } from './summary.ts';

const USAGE = 'Usage: npm run catalogue:generate -- N [--seed 1]';

const MAX_COUNT = 100_000_000;
const MAX_SEED = 2_147_483_647;

const readNumber = (text: string, min: number, max: number): number => {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : -1;
  if (number < min || number > max) throw misused(`${text}: is not ${min} to ${max}.`, USAGE);
  return number;
};

const readOptions = (args: readonly string[]) =>
  readWords(USAGE, args, (words) => {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: { seed: { type: 'string', default: '1' } },
    });
    const [count, ...rest] = positionals;
    if (!count || rest.length > 0) throw misused('', USAGE);
    return { count: readNumber(count, 1, MAX_COUNT), seed: readNumber(values.seed, 0, MAX_SEED) };
  });

/** `npm run catalogue:generate`: fills the catalogue for scale. @returns the exit code */
export const run = async (args: readonly string[]): Promise<number> => {
  const { count, seed } = readOptions(args);
  const { databaseUrl } = readCatalogueSettings();
  const { signal, close } = listenForInterrupt();
  const progress = makeProgress(count);
  const begun = performance.now();
  try {
    const outcome = await fillCatalogue({
      databaseUrl,
      count,
      seed,
      signal,
      onProgress: (made) => progress.update({ rows: made, done: made }),
    }).finally(() => progress.stop());
    const seconds = (performance.now() - begun) / 1000;
    const made = outcome.added + outcome.changed + outcome.unchanged;
    const rate = Math.round(made / Math.max(seconds, 0.001)).toLocaleString('en');
    console.log(
      `${made} generated: ${describeImport(outcome)}; ${seconds.toFixed(1)} s, ${rate} rows/s`,
    );
    if (!signal.aborted) return EXIT.done;
    console.error('Interrupted. Run it again to go on.');
    return EXIT.stopped;
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    const reason = printable((error as Error).message);
    throw new CommandFailure(EXIT.stopped, `Stopped: ${reason}\nRun it again to go on.`);
  } finally {
    close();
  }
};
