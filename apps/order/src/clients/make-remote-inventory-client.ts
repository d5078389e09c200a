import { problem, ShopError } from '@cartograph/errors';
import type { ServiceClient } from '@cartograph/resilience';
import type { InventoryClient } from '../domain/inventory-client.ts';
import {
  CloseReservationDocument,
  CommitReservationDocument,
  ReserveStockDocument,
} from '../generated/stock.ts';

/** Every call may be repeated: the order's id identifies its reservation. */
const SAFE = { isSafe: true };

/** Calls the product service. */
export const makeRemoteInventoryClient = (product: ServiceClient): InventoryClient => ({
  reserve: async ({ orderId, expiresAt, lines }) => {
    const { reserveStock: result } = await product.request(
      ReserveStockDocument,
      { input: { orderId, expiresAt: expiresAt.toISOString(), lines } },
      SAFE,
    );
    switch (result.__typename) {
      case 'Reservation':
        // It was released while this request was in progress: nothing is reserved.
        if (result.status === 'RELEASED') {
          throw new ShopError('UNAVAILABLE', 'The order took too long; send it again.');
        }
        return result.lines;
      case 'OutOfStockProblem':
        return problem('OUT_OF_STOCK', { shortages: result.shortages });
      case 'ProductNotFoundProblem':
        return problem('PRODUCT_NOT_FOUND', { productId: result.productId });
    }
  },

  commit: async (orderId) => {
    const { commitReservation } = await product.request(
      CommitReservationDocument,
      { orderId },
      SAFE,
    );
    const status = commitReservation?.status ?? 'unknown';
    if (status === 'COMMITTED') return 'SOLD';
    if (status === 'RELEASED') return 'GONE';
    throw new Error(`the stock of a confirmed order is ${status}`);
  },

  release: async (orderId) => {
    await product.request(CloseReservationDocument, { orderId }, SAFE);
  },
});
