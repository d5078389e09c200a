import { deepStrictEqual } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type fc from 'fast-check';
import type { Result } from '../shop/open-shop.ts';
import type { Operation } from '../shop/operations.ts';
import type { Method } from './methods.ts';
import {
  check,
  makeSender,
  personOf,
  type Actor,
  type Manner,
  type Model,
  type Real,
} from './send-request.ts';
import { makeRules, type Line, type ModelOrder } from './shop-model.ts';

export type ModelCommand = fc.AsyncCommand<Model, Real>;

const orderOf = (model: Readonly<Model>, pick: number): ModelOrder =>
  model.orders.at(-1 - (pick % model.orders.length)) as ModelOrder;

/** How long the shop waits for the provider. */
export const PROVIDER_TIMEOUT_MS = 1_500;

/**
 * Makes the commands of runs. What each does, it does to the shop and to the model, and compares.
 * @param onAnswer is told what the shop answered
 */
export const makeCommands = (onAnswer: (operation: Operation, words: string) => void) => {
  const send = makeSender(onAnswer);

  /** A command that needs an order to be about. */
  const aboutOrder = (
    name: string,
    pick: number,
    run: (model: Model, real: Real, order: ModelOrder) => Promise<void>,
    applies: (order: ModelOrder, model: Readonly<Model>) => boolean = () => true,
  ): ModelCommand => ({
    toString: () => name,
    check: (model) => model.orders.length > 0 && applies(orderOf(model, pick), model),
    run: (model, real) => run(model, real, orderOf(model, pick)),
  });

  const always = (name: string, run: ModelCommand['run']): ModelCommand => ({
    toString: () => name,
    check: () => true,
    run,
  });

  return {
    create: (by: number, lines: readonly Line[], manner: Manner): ModelCommand =>
      always(`create(${JSON.stringify({ by, lines, ...manner })})`, async (model, real) => {
        const { productIds } = real.cast;
        const items = lines.map(({ product, quantity }) => ({
          productId: productIds[product],
          quantity,
        }));
        const rules = makeRules(model);
        const request = { by, operation: 'createOrder', input: { items }, ...manner } as const;
        const answer = await send(model, real, request, () =>
          rules.create(by, lines).map((words) => words.replace(/^(Order \w+) .*/, '$1')),
        );
        if (answer?.__typename === 'Order') {
          const order = model.orders.at(-1) as ModelOrder;
          order.id = answer.id;
          deepStrictEqual(
            (answer as Result & { total: { amount: number } }).total.amount,
            order.total,
          );
        }
        await real.shop.compare(model);
      }),

    pay: (pick: number, payer: number | 'OWNER', method: Method, manner: Manner): ModelCommand =>
      aboutOrder(
        `pay(${JSON.stringify({ pick, payer, method, ...manner })})`,
        pick,
        async (model, real, order) => {
          const by = payer === 'OWNER' ? order.owner : payer;
          const input = { orderId: order.id, paymentMethod: method };
          const start = performance.now();
          await send(model, real, { by, operation: 'payOrder', input, ...manner }, () => {
            const answers = makeRules(model).pay(order, by, method);
            // On a machine that is busy any provider may be too slow to be waited for.
            const isSlow = performance.now() - start >= PROVIDER_TIMEOUT_MS;
            return isSlow ? [...answers, 'Order PENDING'] : answers;
          });
          await real.shop.holdQuestions();
          await real.shop.compare(model);
        },
      ),

    decide: (pick: number): ModelCommand =>
      aboutOrder(
        `decide(${pick})`,
        pick,
        async (model, { shop }, order) => {
          const isAsked = order.payment?.method === 'sim_error_then_success';
          makeRules(model).decide(order);
          const push = () => (isAsked ? shop.askProvider(order.id) : shop.decide(order.id));
          await push();
          await shop.compare(model, push);
        },
        (order, model) => makeRules(model).isUndecided(order),
      ),

    cancel: (pick: number, by: Actor, manner: Manner): ModelCommand =>
      aboutOrder(
        `cancel(${JSON.stringify({ pick, by, ...manner })})`,
        pick,
        async (model, real, order) => {
          const input = { orderId: order.id };
          await send(model, real, { by, operation: 'cancelOrder', input, ...manner }, () =>
            makeRules(model).cancelBy(order, by),
          );
          await real.shop.compare(model);
        },
      ),

    expire: (pick: number, noticedBy: 'job' | 'payer'): ModelCommand =>
      aboutOrder(
        `expire(${pick}, ${noticedBy})`,
        pick,
        async (model, { shop, cast }, order) => {
          makeRules(model).expire(order);
          await shop.endTime(order.id);
          if (noticedBy === 'job') {
            await shop.lookAtOrder(order.id);
            return shop.compare(model, () => shop.lookAtOrder(order.id));
          }
          const payer = personOf(cast, order.owner);
          const answer = await payer.send('payOrder', { orderId: order.id });
          check(answer, ['ORDER_NOT_PENDING'], cast);
          await shop.holdQuestions();
          return shop.compare(model);
        },
        (order) => order.status === 'PENDING',
      ),

    giveUpHold: (pick: number): ModelCommand =>
      aboutOrder(
        `giveUpHold(${pick})`,
        pick,
        async (model, { shop }, order) => {
          makeRules(model).giveUpHold(order);
          await shop.endHold(order.id);
          await shop.compare(model);
        },
        (order) => order.hold === 'HELD',
      ),

    setStatus: (pick: number, status: ModelOrder['status']): ModelCommand =>
      aboutOrder(`setStatus(${pick}, ${status})`, pick, async (model, real, order) => {
        const input = { orderId: order.id, status };
        await send(model, real, { by: 'ADMIN', operation: 'updateOrderStatus', input }, () =>
          makeRules(model).setStatus(order, status),
        );
        await real.shop.compare(model);
      }),

    refund: (pick: number, part: number | null, manner: Manner): ModelCommand =>
      aboutOrder(
        `refund(${JSON.stringify({ pick, part, ...manner })})`,
        pick,
        async (model, real, order) => {
          // Part of the total, so that some are whole and some are too much.
          const amount = part === null ? null : Math.max(Math.floor(order.total * part), 1);
          const paymentId = (await real.shop.findPaymentId(order.id)) ?? randomUUID();
          // All that is left is asked for by naming no amount.
          const input = { paymentId, reason: 'goodwill', ...(amount !== null && { amount }) };
          const request = { by: 'ADMIN', operation: 'refundPayment', input, ...manner } as const;
          await send(model, real, request, () => makeRules(model).refund(order, amount));
          await real.shop.compare(model);
        },
      ),

    adjust: (index: number, delta: number): ModelCommand =>
      always(`adjust(${index}, ${delta})`, async (model, real) => {
        const input = { productId: real.cast.productIds[index], delta, reason: 'counted' };
        await send(model, real, { by: 'ADMIN', operation: 'adjustStock', input }, () =>
          makeRules(model).adjust(index, delta),
        );
        await real.shop.compare(model);
      }),

    reprice: (index: number, price: number): ModelCommand =>
      always(`reprice(${index}, ${price})`, async (model, real) => {
        const { productIds } = real.cast;
        const version = model.products[index]?.version;
        const input = { id: productIds[index], version, price: { amount: price, currency: 'EUR' } };
        await send(model, real, { by: 'ADMIN', operation: 'updateProduct', input }, () =>
          makeRules(model).reprice(index, price),
        );
      }),

    setArchived: (index: number, isArchived: boolean): ModelCommand =>
      always(`setArchived(${index}, ${isArchived})`, async (model, real) => {
        const operation = isArchived ? 'archiveProduct' : 'restoreProduct';
        const input = { id: real.cast.productIds[index], version: model.products[index]?.version };
        await send(model, real, { by: 'ADMIN', operation, input }, () =>
          makeRules(model).setArchived(index, isArchived),
        );
        await real.shop.compare(model);
      }),
  };
};
