import { mayActFor, type Viewer } from '@cartograph/auth';
import type { Actor } from '../domain/order-event.ts';
import type { OrderEventResolvers } from '../generated/resolvers.ts';

/** Only the actor and administrators see the account and the note of an event. */
const maySee = (viewer: Viewer | null, { id }: Actor): boolean =>
  id !== null && mayActFor(viewer, id);

export const OrderEvent: OrderEventResolvers = {
  actor: ({ actor }) => actor.kind,

  user: ({ actor }, _, { viewer }) =>
    actor.id !== null && maySee(viewer, actor) ? { id: actor.id } : null,

  // An administrator's note is internal: its customer must not read it.
  note: ({ actor, note }, _, { viewer }) => (maySee(viewer, actor) ? note : null),
};
