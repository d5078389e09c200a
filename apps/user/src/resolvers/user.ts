import { mayActFor } from '@cartograph/auth';
import { idCursors, makeConnection, readPageRequest } from '@cartograph/pagination';
import { readId } from '@cartograph/subgraph';
import type { ActiveSessionResolvers, UserResolvers } from '../generated/resolvers.ts';

export const User: UserResolvers = {
  // The account of another customer is not found, also as the customer of an order.
  __resolveReference: ({ id }, { viewer, loaders }) =>
    mayActFor(viewer, id) ? loaders.userById.load(readId(id)) : null,

  sessions: ({ id }, _args, { sessions }) => sessions.list(id),

  sessionsConnection: async ({ id }, args, { sessions }) => {
    const request = readPageRequest(args, idCursors);
    return makeConnection(
      await sessions.page(id, request),
      request,
      { nodeOf: (session) => session, keyOf: (session) => session.id },
      idCursors,
    );
  },
};

export const ActiveSession: ActiveSessionResolvers = {
  current: ({ id }, _args, { viewer }) => viewer?.sessionId === id,
};
