import { openShop, type Person, type Result, type Shop } from '../proofs/shop/open-shop.ts';
import { withPostgres } from '../proofs/shop/with-postgres.ts';
import { countStatements } from './count-statements.ts';
import { percentile, toTable } from './measure.ts';

const MANY_LINES = 20;

/** What follows from an order by itself; it waits until the measurements are over. */
const JOBS = ['tell_order', 'settle_order', 'ask_provider', 'resolve_order', 'process_event'];

/** One row: what is made ready for a round, and what of it is measured. */
type Operation = {
  readonly name: string;
  readonly prepare: () => Promise<() => Promise<Result>>;
};

const makeOperations = async (shop: Shop, buyer: Person): Promise<readonly Operation[]> => {
  const products = await Promise.all(
    Array.from({ length: MANY_LINES }, () => shop.addProduct({ stock: 1_000_000 })),
  );
  const create = (lines: number) => {
    const items = products.slice(0, lines).map((productId) => ({ productId, quantity: 1 }));
    return buyer.send('createOrder', { items });
  };
  const withOrder =
    (lines: number, act: (orderId: string) => Promise<Result>): Operation['prepare'] =>
    async () => {
      const { id } = await create(lines);
      return () => act(id);
    };
  const pay = (orderId: string) => buyer.send('payOrder', { orderId });
  const cancel = (orderId: string) => buyer.send('cancelOrder', { orderId });
  return [1, MANY_LINES].flatMap((lines) => {
    const of = `of ${lines} ${lines === 1 ? 'line' : 'lines'}`;
    return [
      { name: `createOrder ${of}`, prepare: async () => () => create(lines) },
      { name: `payOrder ${of}`, prepare: withOrder(lines, pay) },
      { name: `cancelOrder ${of}`, prepare: withOrder(lines, cancel) },
    ];
  });
};

/**
 * Measures making, paying and cancelling orders one after another, through the real product, order
 * and payment services and the network between them.
 * @returns a table of times and of statements over all three databases; it held when no operation
 * needs more statements for more lines
 */
export const benchOrders = (options: {
  rounds: number;
}): Promise<{ held: boolean; report: string }> =>
  withPostgres(async () => {
    const shop = await openShop({ SIMULATOR_WEBHOOK_DROP: '1' });
    try {
      const rows = [['', 'p50', 'p95', 'SQL']];
      const statements: number[] = [];
      for (const { name, prepare } of await makeOperations(shop, shop.signIn())) {
        const times: number[] = [];
        let fewest = Number.POSITIVE_INFINITY;
        const warmUp = Math.ceil(options.rounds / 10);
        for (let round = -warmUp; round < options.rounds; round += 1) {
          const work = await prepare();
          const start = performance.now();
          let time = 0;
          const count = await countStatements(async () => {
            const { __typename, code } = await work();
            time = performance.now() - start;
            if (__typename !== 'Order') throw new Error(`${name} was answered ${code}`);
          });
          fewest = Math.min(fewest, count);
          if (round >= 0) times.push(time);
          await shop.planJobs(JOBS, 'in an hour');
        }
        statements.push(fewest);
        const [p50, p95] = [percentile(times, 0.5), percentile(times, 0.95)];
        rows.push([name, `${p50.toFixed(1)} ms`, `${p95.toFixed(1)} ms`, String(fewest)]);
      }
      const half = statements.length / 2;
      const held = statements
        .slice(0, half)
        .every((count, row) => count === statements[half + row]);
      const verdict = held
        ? 'held: more lines need no more statements'
        : 'BROKEN: more lines need more statements';
      return { held, report: `${toTable(rows)}\n${verdict}` };
    } finally {
      await shop.close();
    }
  });
