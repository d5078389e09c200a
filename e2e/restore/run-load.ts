import type { Person } from '../sandbox/client.ts';
import type { Sandbox } from '../sandbox/open-sandbox.ts';
import { sendUntilServed } from '../sandbox/send-until-served.ts';

/** How the customers pay; null: not at all. */
const METHODS = ['sim_success', 'sim_success', 'sim_late_success', 'sim_decline', null] as const;

/** In minor units. */
const REFUND = 100;

const refundPart = async ({ databases, admin }: Sandbox, orderId: string): Promise<void> => {
  const [payment] = await databases.payment.query<{ id: string }>(
    'SELECT id::text FROM payments WHERE order_id = $1::uuid',
    [orderId],
  );
  const input = { paymentId: payment?.id, amount: REFUND, reason: 'goodwill' };
  await sendUntilServed(admin, 'refundPayment', input);
};

/** One order: paid, declined, left alone, cancelled, or refunded in part. */
const buy = async (sandbox: Sandbox, person: Person, products: readonly string[], turn: number) => {
  const pick = (distance: number) => products[(turn * 7 + distance) % products.length];
  const items = [0, 1].map((distance) => ({ productId: pick(distance), quantity: 1 + (turn % 3) }));
  const { id: orderId } = await sendUntilServed(person, 'createOrder', { items });
  const paymentMethod = METHODS[turn % METHODS.length] ?? null;
  if (paymentMethod !== null) await sendUntilServed(person, 'payOrder', { orderId, paymentMethod });
  else if (turn % 2 === 0) await sendUntilServed(person, 'cancelOrder', { orderId });
  if (paymentMethod === 'sim_success' && turn % 4 === 0) await refundPart(sandbox, orderId);
};

/** Customers who buy one order after another. */
export type Load = {
  /** How many orders are done so far. */
  readonly done: () => number;
  /** Lets them finish the orders that they have begun. @throws what a customer met */
  readonly stop: () => Promise<void>;
};

export const runLoad = (sandbox: Sandbox, products: readonly string[], customers: number): Load => {
  let isOver = false;
  let done = 0;
  const runCustomer = async (first: number): Promise<void> => {
    const person = sandbox.signIn();
    for (let turn = first; !isOver; turn += 1) {
      await buy(sandbox, person, products, turn);
      done += 1;
    }
  };
  const running = Promise.all(Array.from({ length: customers }, (_, first) => runCustomer(first)));
  // Reported by stop().
  running.catch(() => {});
  return {
    done: () => done,
    stop: async () => {
      isOver = true;
      await running;
    },
  };
};
