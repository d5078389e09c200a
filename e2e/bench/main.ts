/**
 * `npm run bench -- NAME`: measures what the documentation says of speed, on the real services and
 * a throw-away Postgres, and prints a table. Times of one run are compared with each other only.
 */
import { makeProgram, runProgram, wholeNumber } from '@cartograph/command';
import { ensureGenerated } from '../../tools/generate/prisma.ts';

type Outcome = { readonly held: boolean; readonly report: string };

const rounds = wholeNumber(1, 100_000);
const products = wholeNumber(1, 100_000_000);

/** Runs a benchmark. Its code is loaded last: it needs the generated clients. */
const measure = async (benchmark: () => Promise<Outcome>): Promise<void> => {
  await ensureGenerated();
  const { held, report } = await benchmark();
  console.log(report);
  process.exitCode = held ? 0 : 1;
};

const program = makeProgram('npm run bench --', 'Measures what an operation costs.');

program
  .command('catalogue')
  .description('pages and searches of a small and of a large catalogue')
  .option('--small <n>', 'products of the small catalogue', products, 10_000)
  .option('--large <n>', 'products of the large catalogue', products, 1_000_000)
  .option('--rounds <n>', 'times that each operation is asked', rounds, 100)
  .action((options: { small: number; large: number; rounds: number }) =>
    measure(async () => {
      const { benchCatalogue } = await import('./catalogue.ts');
      return benchCatalogue(options);
    }),
  );

program
  .command('orders')
  .description('creating, paying and cancelling orders of 1 and of 20 lines')
  .option('--rounds <n>', 'times that each operation is asked', rounds, 100)
  .action((options: { rounds: number }) =>
    measure(async () => {
      const { benchOrders } = await import('./orders.ts');
      return benchOrders(options);
    }),
  );

process.exitCode = await runProgram(program, process.argv.slice(2));
