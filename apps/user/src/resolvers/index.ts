import type { Resolvers } from '../generated/resolvers.ts';
import { Mutation } from './mutation.ts';
import { Query } from './query.ts';
import { ActiveSession, User } from './user.ts';

/** Every resolver of the user subgraph. */
export const resolvers: Resolvers = { ActiveSession, Mutation, Query, User };
