import type { Outcome } from '../proofs/proof.ts';
import { deliverEvents } from '../sandbox/drain.ts';
import type { Sandbox, SandboxOptions } from '../sandbox/open-sandbox.ts';
import { withSandbox } from '../sandbox/open-sandboxes.ts';
import { reschedule, type WorkKind } from '../sandbox/pending-work.ts';
import type { Result } from '../sandbox/operations.ts';
import { percentile, toTable } from './measure.ts';

const MANY_LINES = 20;

/** Work that is postponed until the measurements are over. */
const POSTPONED: readonly WorkKind[] = [
  'check order',
  'finish order',
  'check payment',
  'finish payment',
];

/** In so many rounds statements are counted. */
const COUNTED_ROUNDS = 10;

/** One row of the table: what is prepared for a round, and what of it is measured. */
type Operation = {
  readonly name: string;
  readonly prepare: () => Promise<() => Promise<Result>>;
};

const makeOperations = async (sandbox: Sandbox): Promise<readonly Operation[]> => {
  const buyer = sandbox.signIn();
  const products = await Promise.all(
    Array.from({ length: MANY_LINES }, () => sandbox.addProduct({ stock: 1_000_000 })),
  );
  const create = (lines: number) => {
    const items = products.slice(0, lines).map((productId) => ({ productId, quantity: 1 }));
    return buyer.send('createOrder', { items });
  };
  const withOrder =
    (lines: number, operation: 'payOrder' | 'cancelOrder'): Operation['prepare'] =>
    async () => {
      const { id: orderId } = await create(lines);
      return () => buyer.send(operation, { orderId });
    };
  return [1, MANY_LINES].flatMap((lines) => {
    const of = `of ${lines} ${lines === 1 ? 'line' : 'lines'}`;
    return [
      { name: `createOrder ${of}`, prepare: async () => () => create(lines) },
      { name: `payOrder ${of}`, prepare: withOrder(lines, 'payOrder') },
      { name: `cancelOrder ${of}`, prepare: withOrder(lines, 'cancelOrder') },
    ];
  });
};

/** One figure of an operation: read after it, since it was started. */
type Figure = {
  /** Waits until nothing else runs. */
  readonly settle?: (sandbox: Sandbox) => Promise<void>;
  readonly start: () => void;
  readonly read: () => number;
};

/** @returns the figures of each operation, one for each round */
const measure = (options: SandboxOptions, rounds: number, { settle, start, read }: Figure) =>
  withSandbox({ ...options, env: { SIMULATOR_WEBHOOK_DROP: '1' } }, async (sandbox) => {
    const rows: { name: string; figures: number[] }[] = [];
    for (const { name, prepare } of await makeOperations(sandbox)) {
      const figures: number[] = [];
      const warmUp = Math.ceil(rounds / 10);
      for (let round = -warmUp; round < rounds; round += 1) {
        const send = await prepare();
        await settle?.(sandbox);
        start();
        const { __typename, code } = await send();
        const figure = read();
        if (__typename !== 'Order') throw new Error(`the result of ${name} is ${code}`);
        if (round >= 0) figures.push(figure);
        await reschedule(sandbox, POSTPONED, 'in an hour');
      }
      rows.push({ name, figures });
    }
    return rows;
  });

const measureTimes = (rounds: number) => {
  let startedAt = 0;
  const start = () => void (startedAt = performance.now());
  return measure({}, rounds, { start, read: () => performance.now() - startedAt });
};

const TRANSACTION = /^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b/i;

/** Statements of the job workers, but not those with which requests enqueue jobs. */
const WORKER = /^(?!.*add_job).*(graphile_worker|pg_notify|LISTEN)/is;

/** Background work may add statements: the least of the counts is right. */
const countStatements = (rounds: number) => {
  let count = 0;
  const onStatement = (sql: string): void => {
    if (!TRANSACTION.test(sql) && !WORKER.test(sql)) count += 1;
  };
  const figure = { settle: deliverEvents, start: () => void (count = 0), read: () => count };
  return measure({ hasProxies: true, onStatement }, rounds, figure);
};

/**
 * Measures creating, paying and cancelling orders one after another, through the real product, order
 * and payment services.
 * @returns a table of times and of statements in all three databases; it held when no operation needs
 * more statements for more lines
 */
export const benchOrders = async ({ rounds }: { rounds: number }): Promise<Outcome> => {
  const times = await measureTimes(rounds);
  const counts = await countStatements(Math.min(rounds, COUNTED_ROUNDS));
  const statements = counts.map(({ figures }) => Math.min(...figures));
  const rows = times.map(({ name, figures }, row) => [
    name,
    `${percentile(figures, 0.5).toFixed(1)} ms`,
    `${percentile(figures, 0.95).toFixed(1)} ms`,
    String(statements[row]),
  ]);
  const half = statements.length / 2;
  const held = statements.slice(0, half).every((count, row) => count === statements[half + row]);
  const verdict = held
    ? 'held: more lines need no more statements'
    : 'BROKEN: more lines need more statements';
  return { held, report: `${toTable([['', 'p50', 'p95', 'SQL'], ...rows])}\n${verdict}` };
};
