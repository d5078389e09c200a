export { deleteInBatches, PURGE_BATCH } from './delete-in-batches.ts';
export { startJobs, type Work } from './start-jobs.ts';
export { listDeadJobs, retryDeadJobs, type DeadJob } from './dead-jobs.ts';
