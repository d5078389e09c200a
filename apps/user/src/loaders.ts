import { makeBatchLoader } from '@cartograph/subgraph';
import type { User } from './domain/user.ts';
import type { Users } from './domain/users.ts';

/** The loaders of one request. */
export const makeLoaders = (users: Users) => ({
  userById: makeBatchLoader<User>(users.findUsers, (user) => user.id),
});

export type Loaders = ReturnType<typeof makeLoaders>;
