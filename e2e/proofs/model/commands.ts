import { deepStrictEqual } from 'node:assert/strict';
import type fc from 'fast-check';
import type { Operation, Result } from '../../sandbox/operations.ts';
import type { RealShop } from './real-shop.ts';
import {
  check,
  makeSender,
  personOf,
  type Actor,
  type Model,
  type Repetition,
} from './send-request.ts';
import { makeRules, type Expected, type Line, type Method, type ModelOrder } from './shop-model.ts';

export type ModelCommand = fc.AsyncCommand<Model, RealShop>;

/** How long the shop waits for the provider. */
export const PROVIDER_TIMEOUT_MS = 1_500;

/** What a command has: the model and its rules, and the real shop. */
type Context = {
  readonly model: Model;
  readonly rules: ReturnType<typeof makeRules>;
  readonly shop: RealShop;
};

/** Changes the model and the shop. @returns what must be repeated until the shop has changed */
type Action = (context: Context) => Promise<void | (() => Promise<void>)>;

/** Makes a command, which compares the shop with the model in the end. */
const command = (
  name: string,
  args: readonly unknown[],
  action: Action,
  applies: (model: Readonly<Model>) => boolean = () => true,
): ModelCommand => ({
  toString: () => `${name}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`,
  check: applies,
  run: async (model, shop) => {
    const push = await action({ model, rules: makeRules(model), shop });
    await shop.compare(model, push ?? undefined);
  },
});

const orderOf = (model: Readonly<Model>, pick: number): ModelOrder | undefined =>
  model.orders.at(-1 - (pick % model.orders.length));

/** Makes a command about an order. @param args the first picks the order, counted from the newest */
const aboutOrder = (
  name: string,
  args: readonly [number, ...unknown[]],
  action: (order: ModelOrder, context: Context) => ReturnType<Action>,
  applies: (order: ModelOrder, model: Readonly<Model>) => boolean = () => true,
): ModelCommand => {
  const find = (model: Readonly<Model>) => orderOf(model, args[0]);
  return command(
    name,
    args,
    (context) => action(find(context.model) as ModelOrder, context),
    (model) => {
      const order = find(model);
      return order !== undefined && applies(order, model);
    },
  );
};

/** @param onResult called with each result of the shop */
export const makeCommands = (onResult: (operation: Operation, summary: string) => void) => {
  const sender = makeSender(onResult);
  /** @returns the result, when the request is new */
  const send = (
    { model, shop }: Context,
    [by, operation]: readonly [Actor, Operation],
    input: object,
    predict: () => Expected,
    repetition?: Repetition,
  ): Promise<Result | null> =>
    sender(model, shop, { by, operation, input, ...repetition }, predict);

  return {
    create: (by: number, lines: readonly Line[], repetition: Repetition) =>
      command('create', [by, lines, repetition], async (context) => {
        const { model, rules, shop } = context;
        const items = lines.map(({ product, quantity }) => ({
          productId: shop.participants.productIds[product],
          quantity,
        }));
        const predict = () => rules.create(by, lines);
        const result = await send(context, [by, 'createOrder'], { items }, predict, repetition);
        if (result?.__typename !== 'Order') return;
        const order = model.orders.at(-1) as ModelOrder;
        order.id = result.id;
        deepStrictEqual(result.total.amount, order.total);
      }),

    pay: (pick: number, payer: number | 'OWNER', method: Method, repetition: Repetition) =>
      aboutOrder('pay', [pick, payer, method, repetition], async (order, context) => {
        const by = payer === 'OWNER' ? order.owner : payer;
        const input = { orderId: order.id, paymentMethod: method };
        const start = performance.now();
        const predict = () => {
          const expected = context.rules.pay(order, by, method);
          // On a busy machine any provider may be slower than the timeout.
          const isSlow = performance.now() - start >= PROVIDER_TIMEOUT_MS;
          return isSlow ? [...expected, 'Order PENDING'] : expected;
        };
        await send(context, [by, 'payOrder'], input, predict, repetition);
        await context.shop.postponeChecks();
      }),

    settle: (pick: number) =>
      aboutOrder(
        'settle',
        [pick],
        async (order, { rules, shop }) => {
          rules.settle(order);
          await shop.settle(order);
          return () => shop.settle(order);
        },
        (order, model) => makeRules(model).isPending(order),
      ),

    cancel: (pick: number, by: Actor, repetition: Repetition) =>
      aboutOrder('cancel', [pick, by, repetition], async (order, context) => {
        const predict = () => context.rules.cancelBy(order, by);
        await send(context, [by, 'cancelOrder'], { orderId: order.id }, predict, repetition);
      }),

    expire: (pick: number, noticedBy: 'job' | 'payer') =>
      aboutOrder(
        'expire',
        [pick, noticedBy],
        async (order, { rules, shop }) => {
          rules.expire(order);
          await shop.expireOrder(order);
          if (noticedBy === 'job') {
            await shop.checkOrder(order);
            return () => shop.checkOrder(order);
          }
          const payer = personOf(shop.participants, order.owner);
          const result = await payer.send('payOrder', { orderId: order.id });
          check(result, ['ORDER_NOT_PENDING'], shop.participants);
          return void (await shop.postponeChecks());
        },
        (order) => order.status === 'PENDING',
      ),

    expireHold: (pick: number) =>
      aboutOrder(
        'expireHold',
        [pick],
        async (order, { rules, shop }) => {
          rules.expireHold(order);
          await shop.expireHold(order);
        },
        (order) => order.hold === 'HELD',
      ),

    setStatus: (pick: number, status: ModelOrder['status']) =>
      aboutOrder('setStatus', [pick, status], async (order, context) => {
        const predict = () => context.rules.setStatus(order, status);
        const input = { orderId: order.id, status };
        await send(context, ['ADMIN', 'updateOrderStatus'], input, predict);
      }),

    /** @param part of the total, so that some refunds are full and some too large; null for the rest */
    refund: (pick: number, part: number | null, repetition: Repetition) =>
      aboutOrder('refund', [pick, part, repetition], async (order, context) => {
        const amount = part === null ? null : Math.max(Math.floor(order.total * part), 1);
        const paymentId = await context.shop.findPaymentId(order.id);
        const input = { paymentId, reason: 'goodwill', ...(amount !== null && { amount }) };
        const predict = () => context.rules.refund(order, amount);
        await send(context, ['ADMIN', 'refundPayment'], input, predict, repetition);
      }),

    adjust: (index: number, delta: number) =>
      command('adjust', [index, delta], async (context) => {
        const productId = context.shop.participants.productIds[index];
        const input = { productId, delta, reason: 'counted' };
        const predict = () => context.rules.adjust(index, delta);
        await send(context, ['ADMIN', 'adjustStock'], input, predict);
      }),

    reprice: (index: number, amount: number) =>
      command('reprice', [index, amount], async (context) => {
        const input = {
          ...context.shop.versionOf(context.model, index),
          price: { amount, currency: 'EUR' },
        };
        const predict = () => context.rules.reprice(index, amount);
        await send(context, ['ADMIN', 'updateProduct'], input, predict);
      }),

    setArchived: (index: number, isArchived: boolean) =>
      command('setArchived', [index, isArchived], async (context) => {
        const operation = isArchived ? 'archiveProduct' : 'restoreProduct';
        const input = context.shop.versionOf(context.model, index);
        const predict = () => context.rules.setArchived(index, isArchived);
        await send(context, ['ADMIN', operation], input, predict);
      }),
  };
};
