import { findViewer, getViewer, readId, toResult } from '@cartograph/subgraph';
import type { Session } from '../domain/session.ts';
import type { User } from '../domain/user.ts';
import type { MutationResolvers } from '../generated/resolvers.ts';

const toSession = (session: Session) => ({ ...session, __typename: 'Session' as const });

const toUser = (user: User) => ({ ...user, __typename: 'User' as const });

const toEnded = (count: number) => ({ count, __typename: 'SessionsEnded' as const });

export const Mutation: MutationResolvers = {
  register: async (_, { input }, { users, client }) =>
    toResult(await users.register(input, client), toSession),

  login: async (_, { input }, { users, client }) =>
    toResult(await users.login(input, client), toSession),

  refreshSession: async (_, { input }, { sessions, client }) =>
    toResult(await sessions.refresh(input.refreshToken, client.address), toSession),

  logout: async (_, { input }, context) => {
    const token = input?.refreshToken ?? null;
    const viewer = token === null ? findViewer(context) : null;
    return toResult(await context.sessions.end(token, viewer), toEnded);
  },

  logoutEverywhere: async (_, _args, context) =>
    toEnded(await context.sessions.endAll(getViewer(context))),

  revokeSession: async (_, { input }, context) => {
    const sessionId = readId(input.sessionId, 'sessionId');
    return toResult(await context.sessions.endOne(getViewer(context), sessionId), toEnded);
  },

  changePassword: async (_, { input }, context) =>
    toResult(
      await context.users.changePassword(getViewer(context), input, context.client),
      toEnded,
    ),

  updateProfile: async (_, { input }, context) =>
    toResult(await context.users.updateProfile(getViewer(context), input), toUser),
};
