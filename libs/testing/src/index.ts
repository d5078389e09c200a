export { makeTestDatabase, type TestDatabase } from './make-test-database.ts';
export { makeTokenMaker, type TokenMaker } from './make-token-maker.ts';
export { makeSubgraphCaller, TEST_SECRET, type Answer } from './subgraph-caller.ts';
export { testInfrastructure } from './test-infrastructure.ts';
export { eventually } from './eventually.ts';
export { HOSTILE_OPERATIONS, type HostileOperation } from './hostile-operations.ts';
export { cpuOf } from './cpu-of.ts';
