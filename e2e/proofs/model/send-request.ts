import { deepStrictEqual } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Person } from '../../sandbox/client.ts';
import type { Operation, Result } from '../../sandbox/operations.ts';
import type { Participants, RealShop } from './real-shop.ts';
import type { Expected, ShopModel } from './shop-model.ts';

/** The model, with the result of each key so far. */
export type Model = ShopModel & {
  readonly results: Map<string, { readonly input: string; readonly result: Result }>;
};

/** With which of a few keys a request is sent, if any, and how often concurrently. */
export type Repetition = { readonly key: number | null; readonly width: number };

/** The number of a customer, or the administrator. */
export type Actor = number | 'ADMIN';

export const personOf = ({ customers, admin }: Participants, actor: Actor): Person =>
  actor === 'ADMIN' ? admin : (customers[actor] as Person);

/** A result in the form that the model predicts. */
const summarize = (result: Result, { productIds }: Participants): string => {
  const { __typename: type, status, stock, code = '' } = result;
  switch (type) {
    case 'Order':
      return `Order ${status}`;
    case 'Refund':
      return `Refund ${status} ${result.amount?.amount}`;
    case 'Product':
      return stock === undefined ? 'Product' : `Product ${stock}`;
    case 'OutOfStockProblem': {
      if (!result.shortages) return code;
      const shortages = result.shortages.map(
        ({ productId, requested, available }) =>
          `${productIds.indexOf(productId)}:${requested}/${available}`,
      );
      return `${code} ${shortages.toSorted().join(' ')}`;
    }
    case 'RefundExceedsCapturedProblem':
      return `${code} ${result.refundable?.amount}`;
    default:
      return code;
  }
};

/** @throws when the result is not one of those that are expected */
export const check = (result: Result, expected: Expected, participants: Participants): void => {
  const actual = summarize(result, participants);
  if (!expected.includes(actual)) deepStrictEqual([actual], expected);
};

/** Repeats a request while another one with its key is in progress, as clients do. */
const sendUntilFinal = async (person: Person, operation: Operation, input: object) => {
  for (;;) {
    const result = await person.send(operation, input);
    if (result.code !== 'REQUEST_IN_FLIGHT') return result;
    await sleep(20);
  }
};

/** Makes the function that sends a run's requests. @param onResult called with each result */
export const makeSender =
  (onResult: (operation: Operation, summary: string) => void) =>
  /**
   * Sends a request. When its key was used before, the result must be the same for the same input,
   * and a conflict for another.
   * @param predict the results that the model allows; called only when the request is new
   * @returns the result of a request that is new
   */
  async (
    model: Model,
    { participants }: RealShop,
    request: { by: Actor; operation: Operation; input: object } & Partial<Repetition>,
    predict: () => Expected,
  ): Promise<Result | null> => {
    const { by, operation, key = null, width = 1 } = request;
    const person = personOf(participants, by);
    const input = { ...request.input, ...(key !== null && { idempotencyKey: `key ${key}` }) };
    // Without a key, concurrent requests would be different ones.
    const results = await Promise.all(
      Array.from({ length: key === null ? 1 : width }, () =>
        sendUntilFinal(person, operation, input),
      ),
    );
    const [result] = results as [Result];
    onResult(operation, summarize(result, participants));
    for (const other of results) deepStrictEqual(other, result);
    const name = `${by}:${operation}:${key}`;
    const known = key === null ? undefined : model.results.get(name);
    const body = JSON.stringify(request.input);
    if (!known) {
      check(result, predict(), participants);
      if (key !== null) model.results.set(name, { input: body, result });
      return result;
    }
    if (known.input === body) deepStrictEqual(result, known.result);
    else check(result, ['IDEMPOTENCY_CONFLICT'], participants);
    return null;
  };
