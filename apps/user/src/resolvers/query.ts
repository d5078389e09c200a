import { ShopError } from '@cartograph/errors';
import { findViewer, readId } from '@cartograph/subgraph';
import type { QueryResolvers } from '../generated/resolvers.ts';

export const Query: QueryResolvers = {
  me: async (_, _args, context) => {
    const viewer = findViewer(context);
    if (!viewer) return null;
    const user = await context.loaders.userById.load(viewer.id);
    // The account was deleted, or can't be displayed.
    if (!user) throw new ShopError('UNAUTHENTICATED');
    return user;
  },

  activeSessions: (_, { ids }, { sessions }) =>
    sessions.findActiveIds(ids.map((id) => readId(id, 'ids'))),

  sessionRevocations: (_, { after, waitMs }, { revocations, log }) => {
    // Every process polls each second. Its access log lines would outnumber all others.
    log.level = 'warn';
    return revocations.read(after ?? null, waitMs ?? 0);
  },

  user: (_, { id }, { loaders }) => loaders.userById.load(readId(id)),
};
