export { deleteInBatches, PURGE_BATCH } from './delete-in-batches.ts';
export { startJobs, type Work } from './start-jobs.ts';
export {
  listDeadLetteredJobs,
  retryDeadLetteredJobs,
  type DeadLetteredJob,
} from './dead-lettered-jobs.ts';
