import { ShopError } from '@cartograph/errors';
import type { OrderStore } from '../domain/order-store.ts';
import { cancelOrder } from './cancel-order.ts';
import { confirmOrder } from './confirm-order.ts';
import { findState } from './find-state.ts';
import type { Database } from './make-database.ts';
import { makeOrderList } from './order-list.ts';
import { placeOrder } from './place-order.ts';
import { findAddresses, findHistory, findOrders, findOrdersByNumber } from './read-orders.ts';
import { recordOutcome } from './record-outcome.ts';
import { oweRefund, recordRefunded } from './refund-order.ts';
import { settleStock } from './settle-stock.ts';
import { startPayment } from './start-payment.ts';

/** Stores orders in the order database: each read and each change is one statement. */
export const makePrismaOrderStore = (database: Database): OrderStore => ({
  ...makeOrderList(database),

  insertOrder: async (order, address, lease) => {
    const placed = await placeOrder(database, order, address, lease);
    if (placed) {
      const { number, isResponseSaved } = placed;
      return {
        order: {
          ...order,
          ...{ number, status: 'PENDING', cancellation: null },
          hasAddress: address !== null,
        },
        isResponseSaved,
      };
    }
    // The statement says only that it did nothing: what stands is read in a new one.
    const stored = await findState(database, order.id);
    if (!stored) throw new ShopError('UNAVAILABLE', 'The order took too long; send it again.');
    return { order: stored.order, isResponseSaved: false };
  },

  findOrders: (ids) => findOrders(database, ids),
  findOrdersByNumber: (numbers) => findOrdersByNumber(database, numbers),
  findAddresses: (orderIds) => findAddresses(database, orderIds),
  findHistory: (orderIds) => findHistory(database, orderIds),
  findState: (id) => findState(database, id),
  startPayment: (orderId, userId) => startPayment(database, orderId, userId),
  confirmOrder: (...change) => confirmOrder(database, ...change),
  cancelOrder: (...change) => cancelOrder(database, ...change),
  recordSettled: (order, keyed) => settleStock(database, order, keyed),
  oweRefund: (order) => oweRefund(database, order),
  recordRefunded: (orderId) => recordRefunded(database, orderId),
  recordOutcome: (orderId, outcome) => recordOutcome(database, orderId, outcome),
});
