/**
 * `npm run bench -- NAME`: measures what the documentation says of speed, on the real services and
 * a throw-away Postgres, and prints a table. Times of one run are compared with each other only.
 */
import { parseArgs } from 'node:util';
import { ensureGenerated } from '../generate/prisma.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    small: { type: 'string', default: '10000' },
    large: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '100' },
  },
});
const [name = ''] = positionals;

const benchmarks: Record<string, () => Promise<{ held: boolean; report: string }>> = {
  catalogue: async () => {
    const { benchCatalogue } = await import('./catalogue.ts');
    return benchCatalogue({
      small: Number(values.small),
      large: Number(values.large),
      rounds: Number(values.rounds),
    });
  },
  orders: async () => {
    const { benchOrders } = await import('./orders.ts');
    return benchOrders({ rounds: Number(values.rounds) });
  },
};

const benchmark = benchmarks[name];
if (!benchmark) {
  console.error(`Usage: npm run bench -- ${Object.keys(benchmarks).join(' | ')} [--rounds N] ...`);
  process.exit(2);
}
await ensureGenerated();
const { held, report } = await benchmark();
console.log(report);
process.exitCode = held ? 0 : 1;
