export { addJob, type NewJob, type Transaction } from './add-job.ts';
export { deleteInBatches, PURGE_BATCH } from './delete-in-batches.ts';
export { runJobsCommand } from './jobs-command.ts';
export { startJobs, type Work } from './start-jobs.ts';
export {
  listDeadLetteredJobs,
  retryDeadLetteredJobs,
  type DeadLetteredJob,
} from './dead-lettered-jobs.ts';
