import { mayActFor, type Viewer } from '@cartograph/auth';
import type { Actor } from '../domain/order-event.ts';
import type { OrderEventResolvers } from '../generated/resolvers.ts';

/** What a person did and wrote is for that person, and for administrators. */
const maySee = (viewer: Viewer | null, { id }: Actor): boolean =>
  id !== null && mayActFor(viewer, id);

export const OrderEvent: OrderEventResolvers = {
  actor: ({ actor }) => actor.kind,

  user: ({ actor }, _, { viewer }) =>
    actor.id !== null && maySee(viewer, actor) ? { id: actor.id } : null,

  // An administrator's note is internal: it may say more than its customer is to read.
  note: ({ actor, note }, _, { viewer }) => (maySee(viewer, actor) ? note : null),
};
