import type { TypePolicies } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';

/** Pages of a list are joined; with other values of the arguments that are named it is another list. */
export const typePolicies: TypePolicies = {
  Query: {
    fields: {
      orders: relayStylePagination(['status']),
      products: relayStylePagination(['filter', 'sort']),
      stockMovements: relayStylePagination(['productId', 'orderId']),
    },
  },
  User: {
    fields: {
      orders: relayStylePagination(['status']),
      sessionsConnection: relayStylePagination(),
    },
  },
  // These have no id: what two queries select of one is put together.
  Money: { merge: true },
  Cancellation: { merge: true },
};
