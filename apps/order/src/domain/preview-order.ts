import { isProblem, problem, type Problem, type ValidationFailed } from '@cartograph/errors';
import type { Money } from '@cartograph/money';
import { validate } from '@cartograph/validation';
import type { z } from 'zod';
import type { CatalogueReader, Offer } from './catalogue-reader.ts';
import { previewOrderInput } from './input.ts';
import type { ProductNotFound } from './inventory-client.ts';
import { computeTotal, findExcess, sumLines } from './order-lines.ts';
import type { HoldLimits } from './stock-hold.ts';

/** A line of a preview. */
export type PreviewItem = Offer & {
  readonly quantity: number;
  /** Whether there is enough stock for it. */
  readonly isAvailable: boolean;
};

/** What an order would be if it were made now. */
export type OrderPreview = {
  readonly items: readonly PreviewItem[];
  readonly total: Money;
  readonly isAvailable: boolean;
};

export type PreviewOrder = (
  input: z.input<typeof previewOrderInput>,
) => Promise<OrderPreview | Problem<'MIXED_CURRENCIES'> | ProductNotFound | ValidationFailed>;

/**
 * Makes the use case: the prices, the availability and the total of an order, by the rules of
 * createOrder. Nothing is reserved and nothing is stored, so a product that is short is not a problem
 * here, but a line that is not available.
 */
export const makePreviewOrder =
  ({ catalogue, limits }: { catalogue: CatalogueReader; limits: HoldLimits }): PreviewOrder =>
  async (input) => {
    const fields = validate(previewOrderInput, input);
    if (isProblem(fields)) return fields;
    const lines = sumLines(fields.items);
    const excess = findExcess(lines, limits);
    if (excess) return excess;

    const offers = await catalogue.findOffers(lines.map(({ productId }) => productId));
    const byProduct = new Map(offers.map((offer) => [offer.productId, offer]));
    const items: PreviewItem[] = [];
    for (const { productId, quantity } of lines) {
      const offer = byProduct.get(productId);
      if (!offer) return problem('PRODUCT_NOT_FOUND', { productId });
      items.push({ ...offer, quantity, isAvailable: offer.available >= quantity });
    }
    const total = computeTotal(items);
    if (isProblem(total)) return total;
    return { items, total, isAvailable: items.every((item) => item.isAvailable) };
  };
