import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { resultOf, type Person } from '../sandbox/client.ts';
import { startHttpProxy } from '../sandbox/http-proxy.ts';
import { readOrders } from '../sandbox/ledger.ts';
import { withSandbox } from '../sandbox/open-sandboxes.ts';
import { sendUntilServed } from '../sandbox/send-until-served.ts';
import { draw, type Outcome } from './proof.ts';

/** The part of the responses that is lost on the way to the client, after everything is committed. */
const LOST = 0.2;

const TRIES = 200;
const PAUSE_MS = 50;

const STOCK = 100_000;

/**
 * Many clients concurrently pay one order with one key, round after round, and repeat the request
 * when their response is lost: each order is charged once, and all responses are the same, byte for
 * byte.
 */
export const provePayOnce = (options: {
  readonly rounds: number;
  readonly width: number;
  readonly seed: number;
}): Promise<Outcome> =>
  withSandbox({ env: { DATABASE_POOL_SIZE: '10' } }, async (sandbox) => {
    const { rounds, width, seed } = options;
    const startedAt = Date.now();
    let responses = 0;
    const counts = { lost: 0, waited: 0, failed: 0 };
    // Between the clients and the order service.
    const proxy = await startHttpProxy(sandbox.originOf('order'), {
      before: (operation) => operation,
      after: () => {
        responses += 1;
        const isLost = draw(seed, responses) < LOST;
        if (isLost) counts.lost += 1;
        return isLost;
      },
    });

    /** A client that repeats its request until it has a final response. */
    const pay = async (person: Person, input: object): Promise<string> => {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const { origin } = proxy;
        const response = await person.request('payOrder', input, { origin }).catch(() => null);
        const type = response && resultOf(response)?.__typename;
        if (response && type && type !== 'RequestInFlightProblem') return response.text;
        // An overloaded machine responds with errors, which are not final.
        if (type) counts.waited += 1;
        else if (response) counts.failed += 1;
        await sleep(PAUSE_MS);
      }
      return `no response after ${TRIES} tries`;
    };

    let broken = 0;
    try {
      const productId = await sandbox.addProduct({ stock: STOCK });
      for (let round = 0; round < rounds; round += 1) {
        const person = sandbox.signIn();
        const items = [{ productId, quantity: 1 + (round % 3) }];
        const { id: orderId, total } = await sendUntilServed(person, 'createOrder', { items });
        const input = { orderId, idempotencyKey: randomUUID() };
        const texts = new Set(
          await Promise.all(Array.from({ length: width }, () => pay(person, input))),
        );
        const [order] = await readOrders(sandbox, { ids: [orderId] });
        const isPaid = texts.size === 1 && /"status":"CONFIRMED"/.test([...texts].join());
        if (!isPaid || order?.charges !== 1 || order.taken !== total.amount) {
          broken += 1;
          const { charges, taken } = order ?? {};
          console.log(
            `round ${round}: ${charges} charges of ${taken}, responses ${[...texts].join(' ')}`,
          );
        }
        if ((round + 1) % 100 === 0) console.log(`${round + 1} rounds done`);
      }
    } finally {
      await proxy.close();
    }
    const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1);
    return {
      held: broken === 0 && counts.lost > 0,
      report:
        `seed ${seed}: ${rounds} rounds of ${width} identical concurrent payments in ${minutes} minutes, ` +
        `${counts.lost} responses lost and requested again, ${counts.waited} requests told to wait, ` +
        `${counts.failed} with an error: ${broken} rounds with anything but one charge and one response`,
    };
  });
