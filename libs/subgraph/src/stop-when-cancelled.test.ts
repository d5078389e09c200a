import { describe, expect, it } from 'vitest';
import { currentSignal, RequestCancelled, runWithin } from '@cartograph/resilience';
import { CurrencyResolver } from 'graphql-scalars';
import { stopWhenCancelled } from './stop-when-cancelled.ts';
import { makeBatchLoader, makeGroupLoader } from './make-batch-loader.ts';

type Fields = Record<string, (...args: unknown[]) => unknown>;

const reason = new RequestCancelled('client disconnected');

const wrap = (type: string, fields: Fields) =>
  stopWhenCancelled({ [type]: fields })[type] as Fields;

/** Runs work within a request. */
const within = <Result>(controller: AbortController, work: () => Result): Result =>
  runWithin({ deadline: null, signal: controller.signal }, work);

const begun = new AbortController();
const cancelled = new AbortController();
cancelled.abort(reason);

describe('a resolver that reads', () => {
  it.each(['name', '__resolveReference'])('is called with all its arguments: %s', async (name) => {
    const { [name]: resolve } = wrap('Product', { [name]: async (...args) => args });
    expect(await within(begun, () => resolve?.(1, 2, 3))).toEqual([1, 2, 3]);
    expect(await resolve?.(1, 2, 3)).toEqual([1, 2, 3]);
  });

  it.each(['name', '__resolveReference'])('is not called for a cancelled request: %s', (name) => {
    const { [name]: resolve } = wrap('Product', { [name]: () => 'lamp' });
    expect(() => within(cancelled, () => resolve?.())).toThrow(reason);
    expect(resolve?.()).toBe('lamp');
  });

  it('fails with the reason of the cancellation, else with its own error', async () => {
    const own = new Error('canceling statement due to user request');
    const controller = new AbortController();
    const { name } = wrap('Product', { name: () => Promise.reject(own) });
    await expect(within(controller, () => name?.())).rejects.toBe(own);
    const failing = within(controller, () => name?.());
    controller.abort(reason);
    await expect(failing).rejects.toBe(reason);
  });

  it('is left unchanged for scalars and types of unions', () => {
    const { Currency, Result } = stopWhenCancelled({
      Currency: CurrencyResolver,
      Result: { __resolveType: () => 'Product' },
    }) as { Currency: unknown; Result: Fields };
    expect(Currency).toBe(CurrencyResolver);
    expect(within(cancelled, () => Result['__resolveType']?.())).toBe('Product');
  });
});

describe('a field of Mutation', () => {
  it('is not begun for a cancelled request, and is completed once begun', async () => {
    const { create } = wrap('Mutation', { create: async () => currentSignal() });
    expect(() => within(cancelled, () => create?.())).toThrow(reason);
    expect(await within(begun, () => create?.())).toBeNull();
  });
});

describe('a loader', () => {
  it('sends no query when its request is cancelled', async () => {
    let queries = 0;
    const find = async (keys: readonly string[]) => {
      queries += 1;
      return keys;
    };
    for (const loader of [
      makeBatchLoader<string>(find, (row) => row),
      makeGroupLoader<string>(find, (row) => row),
    ]) {
      await expect(within(cancelled, () => loader.load('a'))).rejects.toBe(reason);
      expect(queries).toBe(0);
    }
  });
});
