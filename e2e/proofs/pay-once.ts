import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './world/client.ts';
import { startHttpProxy } from './world/http-proxy.ts';
import { CREATE_ORDER, PAY_ORDER } from './world/operations.ts';
import { openWorlds } from './world/open-worlds.ts';
import type { World } from './world/open-world.ts';
import { makeChance } from './world/chance.ts';

/** A part of the answers gets lost on the way to the client, after all is committed. */
const LOST = 0.2;

const TRIES = 200;
const PAUSE_MS = 50;

const STOCK = 100_000;

type Charged = { readonly charges: number; readonly amount: number };

const readCharges = async (world: World, orderId: string): Promise<Charged> => {
  const [row] = await world.databases.payment.query<Charged>(
    `SELECT count(*)::int AS charges, coalesce(sum(amount_cents), 0)::int AS amount
     FROM simulator_charges WHERE idempotency_key LIKE $1 || ':%' AND succeeds_at <= now()`,
    [orderId],
  );
  return row ?? { charges: 0, amount: 0 };
};

/**
 * Many clients pay one order at once with one key, round after round, and ask again when their
 * answer gets lost: each order is charged once, and all are told the same, byte for byte.
 * @returns a sentence with the figures, and whether it held
 */
export const provePayOnce = async (options: {
  readonly rounds: number;
  readonly width: number;
  readonly seed: string;
}): Promise<{ held: boolean; report: string }> => {
  const { rounds, width, seed } = options;
  const begun = Date.now();
  const { worlds, close } = await openWorlds(1, { DATABASE_POOL_SIZE: '10' });
  const [world] = worlds;
  if (!world) throw new Error('no shop was opened');
  const chance = makeChance(seed);
  let lost = 0;
  let waited = 0;
  let failed = 0;
  // The clients' way to the order service.
  const way = await startHttpProxy(world.origins.order, {
    before: (operation) => ({ place: operation, isCut: false }),
    after: () => {
      const isLost = chance() < LOST;
      if (isLost) lost += 1;
      return isLost;
    },
  });

  /** One client, who asks until it is answered. */
  const payAs = async (authorization: string, input: object): Promise<string> => {
    const { origin } = way;
    const request = { origin, service: 'order', query: PAY_ORDER, authorization };
    for (let tries = 0; tries < TRIES; tries += 1) {
      const answer = await ask({ ...request, variables: { input } }).catch(() => null);
      const kind = answer?.data?.['payOrder']?.__typename;
      if (answer && kind !== undefined && kind !== 'RequestInFlightProblem') return answer.text;
      // An overloaded machine answers with errors: those decide nothing, and are asked again.
      if (kind) waited += 1;
      else if (answer) failed += 1;
      await sleep(PAUSE_MS);
    }
    return `no answer after ${TRIES} tries`;
  };

  const broken: string[] = [];
  try {
    const [productId] = await world.addProducts(1, STOCK);
    for (let round = 0; round < rounds; round += 1) {
      const { authorization } = world.tokens.authorize();
      const items = [{ productId, quantity: 1 + (round % 3) }];
      const order = await world.must('order', CREATE_ORDER, { items }, authorization);
      const orderId = order.id ?? '';
      const input = { orderId, idempotencyKey: randomUUID() };
      const answers = await Promise.all(
        Array.from({ length: width }, () => payAs(authorization, input)),
      );
      const different = [...new Set(answers)];
      const { charges, amount } = await readCharges(world, orderId);
      const isPaid = different.length === 1 && /"status":"CONFIRMED"/.test(different[0] ?? '');
      if (!isPaid || charges !== 1 || amount !== order.total?.amount) {
        broken.push(
          `round ${round}: ${charges} charges of ${amount}, answers ${different.join(' ')}`,
        );
        console.log(broken.at(-1));
      }
      if ((round + 1) % 100 === 0) console.log(`${round + 1} rounds done`);
    }
  } finally {
    await way.close();
    await close(broken.length > 0);
  }
  const minutes = ((Date.now() - begun) / 60_000).toFixed(1);
  return {
    held: broken.length === 0 && lost > 0,
    report:
      `seed ${seed}: ${rounds} rounds of ${width} identical payments at once in ${minutes} minutes, ` +
      `${lost} answers lost and asked for again, ${waited} told to wait, ${failed} answered with an error: ` +
      `${broken.length} rounds with anything but one charge and one answer`,
  };
};
