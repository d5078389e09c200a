export { makeTestDatabase, type TestDatabase } from './make-test-database.ts';
export { makeTokenMaker, type TokenMaker } from './make-token-maker.ts';
export {
  makeSubgraphCaller,
  signRequest,
  TEST_SECRET,
  TEST_SECRETS,
  type SubgraphResponse,
} from './subgraph-caller.ts';
export { loggingInfrastructure, testInfrastructure } from './test-infrastructure.ts';
export { eventually, eventuallyInShop } from './eventually.ts';
export { HOSTILE_OPERATIONS } from './hostile-operations.ts';
export { cpuOf, leastCpuMs } from './cpu-time.ts';
export { findDebianProgram, type DebianProgram } from './find-debian-program.ts';
export { findCostlyTexts } from './find-costly-texts.ts';
export { expensiveTexts, overlongTexts } from './hostile-texts.ts';
export { findTextInputs } from './text-inputs.ts';
export { MALFORMED_HOSTS, NOT_UTF8, putBytes } from './malformed-requests.ts';
export { sendRaw, sendSlowly } from './raw-http.ts';
export { startHttpServer } from './start-http-server.ts';
export { beginRequest } from './begin-request.ts';
export { blockTable, type BlockedTable } from './block-table.ts';
export { cancelQuery } from './cancel-query.ts';
export { withNulls } from './with-nulls.ts';
