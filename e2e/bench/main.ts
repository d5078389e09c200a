/**
 * `npm run bench -- NAME`: measures the speed of the real services on a throw-away Postgres, and
 * prints a table. Compare only times of the same run.
 */
import { makeProgram, runProgram, wholeNumber } from '@cartograph/command';
import type { Outcome } from '../proofs/proof.ts';
import { benchCatalogue } from './catalogue.ts';
import { benchGrowth } from './growth/bench-growth.ts';
import { benchMemory } from './memory/bench-memory.ts';
import { benchOrders } from './orders.ts';
import { benchOverload } from './overload/bench-overload.ts';
import { benchRefusals } from './refusals/bench-refusals.ts';
import { benchShop } from './shop/bench-shop.ts';
import { benchStorage } from './storage.ts';
import { benchTelemetry } from './telemetry/bench-telemetry.ts';

const rounds = wholeNumber(1, 100_000);
const seconds = wholeNumber(1, 3_600);
const clients = wholeNumber(1, 1_000);
const products = wholeNumber(1, 100_000_000);

const printed =
  <Options>(benchmark: (options: Options) => Promise<Outcome>) =>
  async (options: Options): Promise<void> => {
    const { held, report } = await benchmark(options);
    console.log(report);
    process.exitCode = held ? 0 : 1;
  };

const program = makeProgram('npm run bench --', 'Measures what an operation costs.');

program
  .command('catalogue')
  .description('pages and searches of a small and of a large catalogue')
  .option('--small <n>', 'products of the small catalogue', products, 10_000)
  .option('--large <n>', 'products of the large catalogue', products, 1_000_000)
  .option('--rounds <n>', 'requests of each operation', rounds, 100)
  .action(printed(benchCatalogue));

program
  .command('orders')
  .description('creating, paying and cancelling orders of 1 and of 20 lines')
  .option('--rounds <n>', 'requests of each operation', rounds, 100)
  .action(printed(benchOrders));

const collect = (name: string, names: readonly string[] = []): readonly string[] => [
  ...names,
  name,
];

program
  .command('shop')
  .description('throughput, CPU, SQL and calls of each operation of a shop in production mode')
  .option('--clients <n>', 'clients at a time', clients, 16)
  .option('--seconds <n>', 'how long each operation is sent', seconds, 6)
  .option('--operations <n>', 'how often at least, also before', wholeNumber(1, 1_000_000), 200)
  .option('--warm-up <n>', 'seconds of each operation before', seconds, 8)
  .option('--settle <n>', 'seconds in which work after a purchase is counted', seconds, 20)
  .option('--only <name>', 'an operation to measure; may be repeated', collect)
  .option('--checkout <dir>', 'another checkout of this repository, with its packages')
  .option('--queries', 'lists the SQL statements of each operation', false)
  .option('--hive', 'also sends the pages through Hive Gateway', false)
  .option('--profile <dir>', 'writes a CPU profile of each app, for the developer tools of Chrome')
  .option('--json <file>', 'writes the figures')
  .option('--compare <file>', 'prints what has changed since figures that were written')
  .action(printed(benchShop));

program
  .command('memory')
  .description('the memory of each app of a shop in production mode, idle and after load')
  .option('--clients <n>', 'clients at a time', clients, 16)
  .option('--seconds <n>', 'how long each operation is sent', seconds, 6)
  .action(printed(benchMemory));

program
  .command('overload')
  .description('twice as many pages, and three times as many sign-ins, as a shop can answer')
  .option('--clients <n>', 'clients that find the peak', clients, 16)
  .option('--seconds <n>', 'how long each load is offered', seconds, 10)
  .option('--json <file>', 'writes the figures')
  .action(printed(benchOverload));

program
  .command('refusals')
  .description('what a router pays for operations that no manifest has, and for what it rejects')
  .option('--clients <n>', 'clients at a time', clients, 16)
  .option('--seconds <n>', 'how long each kind is sent', seconds, 6)
  .action(printed(benchRefusals));

program
  .command('storage')
  .description('what is stored of a purchase, and the connections of each service')
  .option('--orders <n>', 'purchases', wholeNumber(1, 1_000_000), 1_000)
  .option('--clients <n>', 'clients at a time', clients, 16)
  .action(printed(benchStorage));

program
  .command('telemetry')
  .description('what metrics and logs cost of a purchase')
  .option('--clients <n>', 'clients at a time', clients, 8)
  .option('--seconds <n>', 'how long each round lasts', seconds, 6)
  .option('--rounds <n>', 'rounds of each shop', rounds, 8)
  .action(printed(benchTelemetry));

program
  .command('growth')
  .description('pages, own orders and purchases of a small and of a large shop')
  .option('--small <n>', 'products, and orders, of the small shop', products, 10_000)
  .option('--large <n>', 'products, and orders, of the large shop', products, 1_000_000)
  .option('--rounds <n>', 'requests of each operation', rounds, 100)
  .action(printed(benchGrowth));

process.exitCode = await runProgram(program, process.argv.slice(2));
