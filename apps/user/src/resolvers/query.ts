import { findViewer, readId } from '@cartograph/subgraph';
import type { QueryResolvers } from '../generated/resolvers.ts';

export const Query: QueryResolvers = {
  me: (_, _args, context) => {
    const viewer = findViewer(context);
    return viewer ? context.loaders.userById.load(viewer.id) : null;
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
