import { describe, expect, it } from 'vitest';
import { v7 as makeId } from 'uuid';
import type { Offer } from './catalogue-reader.ts';
import { makePreviewOrder } from './preview-order.ts';

const LIMITS = { ordersPerAccount: 5, unitsPerAccount: 50, unitsPerAddress: 100 };

const makeOffer = (fields: Partial<Offer> = {}): Offer => ({
  productId: makeId(),
  sku: 'LAMP',
  name: 'Lamp',
  unitPrice: { amount: 1999, currency: 'EUR' },
  available: 10,
  ...fields,
});

const preview = (offers: readonly Offer[], items: readonly [offer: Offer, quantity: number][]) =>
  makePreviewOrder({
    catalogue: {
      findOffers: async (ids) => offers.filter(({ productId }) => ids.includes(productId)),
    },
    limits: LIMITS,
  })({ items: items.map(([{ productId }, quantity]) => ({ productId, quantity })) });

describe('the preview of an order', () => {
  const lamp = makeOffer();
  const mug = makeOffer({ sku: 'MUG', unitPrice: { amount: 50, currency: 'EUR' }, available: 1 });
  const yen = makeOffer({ unitPrice: { amount: 800, currency: 'JPY' } });

  it('has the price and the total of its lines, those of one product added up', async () => {
    expect(
      await preview(
        [mug, lamp],
        [
          [lamp, 1],
          [mug, 1],
          [lamp, 2],
        ],
      ),
    ).toEqual({
      items: [
        { ...lamp, quantity: 3, isAvailable: true },
        { ...mug, quantity: 1, isAvailable: true },
      ],
      total: { amount: 3 * 1999 + 50, currency: 'EUR' },
      isAvailable: true,
    });
  });

  it('says which lines have not enough stock', async () => {
    const short = await preview(
      [mug, lamp],
      [
        [lamp, 10],
        [mug, 2],
      ],
    );
    expect(short).toMatchObject({
      items: [{ isAvailable: true }, { isAvailable: false, available: 1 }],
      isAvailable: false,
    });
  });

  it('names a product that can not be ordered', async () => {
    const { productId } = mug;
    expect(
      await preview(
        [lamp],
        [
          [lamp, 1],
          [mug, 1],
        ],
      ),
    ).toMatchObject({
      code: 'PRODUCT_NOT_FOUND',
      productId,
    });
  });

  it('has one currency', async () => {
    const mixed = await preview(
      [lamp, yen],
      [
        [lamp, 1],
        [yen, 1],
      ],
    );
    expect(mixed).toMatchObject({ code: 'MIXED_CURRENCIES' });
  });

  it('has no more units than an account may hold, and no more money than an order', async () => {
    const failed = { code: 'VALIDATION_FAILED', fields: [{ path: 'items' }] };
    expect(
      await preview(
        [lamp],
        [
          [lamp, 30],
          [lamp, 21],
        ],
      ),
    ).toMatchObject(failed);
    const dear = makeOffer({ unitPrice: { amount: 2 ** 52, currency: 'EUR' } });
    expect(await preview([dear], [[dear, 3]])).toMatchObject(failed);
  });

  it.each([
    ['no line', [], 'items'],
    ['a quantity of 0', [[lamp, 0] as const], 'items.0.quantity'],
    ['a fraction of a unit', [[lamp, 0.5] as const], 'items.0.quantity'],
    ['101 lines', Array<readonly [Offer, number]>(101).fill([lamp, 1]), 'items'],
  ])('is refused with %s', async (_what, items, path) => {
    const result = await preview([lamp], items as [Offer, number][]);
    expect(result).toMatchObject({ code: 'VALIDATION_FAILED', fields: [{ path }] });
  });
});
