import { toResult } from '@cartograph/subgraph';
import type { MutationResolvers } from '../generated/resolvers.ts';
import type { Session } from '../domain/session.ts';

const toSession = (session: Session) => ({ ...session, __typename: 'Session' as const });

export const Mutation: MutationResolvers = {
  register: async (_, { input }, { users }) => toResult(await users.register(input), toSession),

  login: async (_, { input }, { users }) => toResult(await users.login(input), toSession),
};
