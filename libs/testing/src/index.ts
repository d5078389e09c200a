export { makeTestDatabase, type TestDatabase } from './make-test-database.ts';
export { makeTokenMaker, type TokenMaker } from './make-token-maker.ts';
export { makeSubgraphCaller, TEST_SECRET, type Answer } from './subgraph-caller.ts';
export { testInfrastructure } from './test-infrastructure.ts';
export { eventually } from './eventually.ts';
export { findCostlyTexts } from './find-costly-texts.ts';
export { expensiveTexts, overlongTexts, type HostileText } from './hostile-texts.ts';
export { leastCpuMs } from './least-cpu-ms.ts';
export { findTextInputs, type TextInput } from './text-inputs.ts';
