import { mayActFor } from '@cartograph/auth';
import type { OrderEventResolvers } from '../generated/resolvers.ts';

export const OrderEvent: OrderEventResolvers = {
  actor: ({ actor }) => actor.kind,

  user: ({ actor }, _, { viewer }) =>
    actor.id !== null && mayActFor(viewer, actor.id) ? { id: actor.id } : null,
};
