import { readId } from '@cartograph/subgraph';
import type { QueryResolvers } from '../generated/resolvers.ts';

export const Query: QueryResolvers = {
  me: (_, _args, { viewer, loaders }) => (viewer ? loaders.userById.load(viewer.id) : null),

  activeSessions: (_, { ids }, { sessions }) =>
    sessions.findActiveIds(ids.map((id) => readId(id, 'ids'))),

  user: (_, { id }, { loaders }) => loaders.userById.load(readId(id)),
};
