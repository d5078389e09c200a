import { type RequestContext, makeBatchLoader } from '@cartograph/subgraph';
import type { RevocationFeed } from './domain/revocation-feed.ts';
import type { Sessions } from './domain/sessions.ts';
import type { User } from './domain/user.ts';
import type { Users } from './domain/users.ts';

/** The loaders of one request. */
export const makeLoaders = (users: Users) => ({
  userById: makeBatchLoader<User>(users.findUsers, (user) => user.id),
});

/** The context of a request to the user subgraph. */
export type Context = RequestContext & {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly revocations: RevocationFeed;
  readonly loaders: ReturnType<typeof makeLoaders>;
};
