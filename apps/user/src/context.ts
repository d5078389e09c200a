import type { RequestContext } from '@cartograph/subgraph';
import type { RevocationFeed } from './domain/revocation-feed.ts';
import type { Sessions } from './domain/sessions.ts';
import type { Users } from './domain/users.ts';
import type { Loaders } from './loaders.ts';

/** The context of a request to the user subgraph. */
export type Context = RequestContext & {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly revocations: RevocationFeed;
  readonly loaders: Loaders;
};
