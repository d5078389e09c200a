import { makeKeyCursors, makeConnection, readPageRequest } from '@cartograph/pagination';
import { readId } from '@cartograph/subgraph';
import type { QueryResolvers, StockMovementResolvers } from '../generated/resolvers.ts';

export const StockMovement: StockMovementResolvers = {
  product: async ({ productId }, _args, { loaders }) => {
    const product = await loaders.productById.load(productId);
    if (!product) throw new Error('a stock movement references a product that does not exist');
    return product;
  },
};

const movementCursors = makeKeyCursors<readonly [string]>('MOVEMENTS', ([id]) =>
  typeof id === 'string' && /^[1-9]\d{0,17}$/.test(id) ? [id] : null,
);

/** Resolves `Query.stockMovements`. */
export const stockMovements: NonNullable<QueryResolvers['stockMovements']> = async (
  _,
  { productId, orderId, ...args },
  { ledger, loaders },
) => {
  const request = readPageRequest(args, movementCursors);
  const page = await ledger.listMovements(
    {
      ...(typeof productId === 'string' && { productId: readId(productId, 'productId') }),
      ...(typeof orderId === 'string' && { orderId: readId(orderId, 'orderId') }),
    },
    { ...request, from: request.from?.[0] ?? null },
  );
  const movements = page.rows.flatMap(({ movement }) => (movement ? [movement] : []));
  const products = await loaders.productById.loadMany(movements.map((one) => one.productId));
  // The schema promises a product for each movement: movements of a hidden product are left out.
  const displayable = new Set(movements.filter((_movement, index) => products[index] !== null));
  return makeConnection(
    page,
    request,
    {
      nodeOf: ({ movement }) => (movement && displayable.has(movement) ? movement : null),
      keyOf: ({ id }) => [id] as const,
    },
    movementCursors,
  );
};
