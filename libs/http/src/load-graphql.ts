import { DEFAULT_MODE } from '@cartograph/config';

/**
 * graphql decides when it is loaded whether it runs its development checks, which cost a twentieth of
 * the time of a page. A process without NODE_ENV runs in production mode, so it is loaded in that one.
 * The variable itself stays unset: an error of the configuration says so.
 */
// eslint-disable-next-line no-restricted-properties -- where graphql reads it
const { env } = process;
const given = env['NODE_ENV'];
if (!given) {
  env['NODE_ENV'] = DEFAULT_MODE;
  await import('graphql');
  if (given === undefined) delete env['NODE_ENV'];
  else env['NODE_ENV'] = given;
}
