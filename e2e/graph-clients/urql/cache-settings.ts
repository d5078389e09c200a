import type { KeyingConfig, Resolver } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import possible from '../generated/possible-types.ts';

/** Types without an id: an object of theirs is a part of the object that has it. */
const WITHOUT_ID = [
  ...(possible.possibleTypes['Problem'] ?? []),
  'ActiveSessionConnection',
  'ActiveSessionEdge',
  'AttemptQuota',
  'Cancellation',
  'Category',
  'DeliveryAddress',
  'FieldFault',
  'Money',
  'OrderConnection',
  'OrderEdge',
  'OrderEvent',
  'OrderItem',
  'OrderPreview',
  'OrderPreviewItem',
  'PageInfo',
  'PaymentFailure',
  'PaymentMethod',
  'ProductConnection',
  'ProductEdge',
  'ProductImage',
  'RefundFailure',
  'Session',
  'SessionsEnded',
  'Shortage',
  'StockMovementConnection',
  'StockMovementEdge',
];

/** How objects are told apart where it is not by `id`. */
export const keys: KeyingConfig = Object.fromEntries(WITHOUT_ID.map((name) => [name, () => null]));

const pages: Resolver = relayPagination();

/** Pages of a list are joined. */
export const resolvers = {
  Query: { orders: pages, products: pages, stockMovements: pages },
  User: { orders: pages, sessionsConnection: pages },
};
