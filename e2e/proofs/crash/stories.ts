import { randomUUID } from 'node:crypto';
import type { Answer, Result } from '../world/client.ts';
import type { World } from '../world/open-world.ts';
import { CANCEL_ORDER, CREATE_ORDER, PAY_ORDER } from '../world/operations.ts';
import type { Books } from './books.ts';

/** What happens while somebody is killed, and how it has to end. */
export type Story = {
  readonly customerId: string;
  readonly authorization: string;
  readonly products: readonly string[];
  /** One request of a client, under the same key however often; null where time alone acts. */
  readonly ask: (() => Promise<Answer>) | null;
  readonly elapse?: () => Promise<void>;
  /** The hold was given up and sold to others: who never pays keeps an order without stock. */
  readonly isHoldGone?: boolean;
  /** Which answer is right. */
  readonly accepts?: (answer: Result) => boolean;
  /** @param isAnswered whether the client has its answer. @returns what is wrong with the end */
  readonly judge: (books: Books, isAnswered: boolean) => string | null;
};

export type Group = 'create' | 'pay' | 'cancel' | 'expire' | 'refund';

export type Scenario = {
  readonly name: string;
  readonly group: Group;
  /** Whether what it began with has to be over before anybody is killed. */
  readonly waitsForWork?: boolean;
  /** Comes to where the story begins. */
  readonly begin: (world: World) => Promise<Story>;
};

/** An order is paid or given up this long after its time, at the latest: see order-times.ts. */
export const GRACE_MS = 31_000;
export const PATIENCE_MS = 8 * 60_000 + 1_000;

/** A customer, and two products that nobody else buys. */
export const newCustomer = async (world: World) => {
  const { viewer, authorization } = world.tokens.authorize();
  const products = await world.addProducts(2);
  const items = products.map((productId, index) => ({ productId, quantity: 2 + index }));
  return { customerId: viewer.id, authorization, products, items };
};

/** An order that waits to be paid, and whose it is. */
export const newOrder = async (world: World) => {
  const customer = await newCustomer(world);
  const { items, authorization } = customer;
  const { id = '' } = await world.must('order', CREATE_ORDER, { items }, authorization);
  return { ...customer, orderId: id };
};

/** Judges how the one order ended: `orElse` is right as well while the client has no answer. */
export const ends =
  (statuses: readonly string[], orElse: readonly string[] = []) =>
  ({ orders, orphans }: Books, isAnswered: boolean): string | null => {
    const allowed = isAnswered ? statuses : [...statuses, ...orElse];
    const seen = orders.map(({ status, reason }) => (reason ? `${status} ${reason}` : status));
    if (orphans > 0) return 'a hold has no order';
    return seen.length === 1 && seen.every((one) => allowed.includes(one))
      ? null
      : `orders: [${seen.join(', ')}], not ${allowed.join(' or ')}`;
  };

/** Whether a client was answered with an order. */
export const isOrder = ({ __typename }: Result): boolean => __typename === 'Order';

/** The customer's request to cancel the order, under one key. */
export const askToCancel = (world: World, orderId: string, authorization: string) => {
  const input = { orderId, idempotencyKey: randomUUID() };
  return () => world.send('order', CANCEL_ORDER, { input }, { authorization });
};

/** An order whose payment the provider has not decided. */
export const newUndecided = async (world: World) => {
  const made = await newOrder(world);
  const input = { orderId: made.orderId, paymentMethod: 'sim_late_success' };
  await world.must('order', PAY_ORDER, input, made.authorization);
  return made;
};
