import { getViewer, readId, toResult } from '@cartograph/subgraph';
import type { Product } from '../domain/product.ts';
import type { Reservation } from '../domain/reservation.ts';
import type { MutationResolvers } from '../generated/resolvers.ts';

const toProduct = (product: Product) => ({ ...product, __typename: 'Product' as const });

const toReservation = (reservation: Reservation) => ({
  ...reservation,
  __typename: 'Reservation' as const,
});

export const Mutation: MutationResolvers = {
  createProduct: async (_, { input }, context) =>
    toResult(await context.products.createProduct(getViewer(context).id, input), toProduct),

  updateProduct: async (_, { input }, { products }) =>
    toResult(await products.updateProduct(input), toProduct),

  archiveProduct: async (_, { input }, { products }) =>
    toResult(await products.archiveProduct(input), toProduct),

  restoreProduct: async (_, { input }, { products }) =>
    toResult(await products.restoreProduct(input), toProduct),

  adjustStock: async (_, { input }, context) =>
    toResult(await context.products.adjustStock(getViewer(context).id, input), toProduct),

  reserveStock: async (_, { input }, { reservations }) =>
    toResult(await reservations.reserve(input), toReservation),

  commitReservation: (_, { orderId }, { reservations }) => reservations.commit(readId(orderId)),

  releaseReservation: (_, { orderId, close }, { reservations }) =>
    reservations.release(readId(orderId), close),
};
