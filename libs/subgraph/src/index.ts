export { readAccessRules, requireAccess, type Access, type AccessRule } from './access-rules.ts';
export { makeBatchLoader, makeGroupLoader } from './make-batch-loader.ts';
export { makeRemoteAuthentication } from './make-remote-authentication.ts';
export { makeSubgraphServer, type SubgraphOptions } from './make-subgraph-server.ts';
export {
  findViewer,
  getViewer,
  type RequestContext,
  type SessionCheck,
} from './request-context.ts';
export { isUnreadableRow, makeFaultReporter } from './report-faults.ts';
export {
  subgraphConfig,
  subgraphEnv,
  subgraphOptions,
  usersClient,
  type SubgraphConfig,
} from './subgraph-config.ts';
export { readId, readText, toResult } from './to-graphql.ts';
