export { listDeadRows, retryDeadRows, type DeadRow } from './dead-rows.ts';
export { LEASE_MS, makeDueTable, type DueRow, type DueTable, type FailedEnd } from './due-table.ts';
export { startReleaseSweep } from './start-release-sweep.ts';
export { startSweeper } from './start-sweeper.ts';
export { STEP_TIMEOUT_MS, type Sweeper, type SweptTable } from './sweep-table.ts';
