export { deleteInBatches, PURGE_BATCH } from './delete-in-batches.ts';
export { runJobsCommand } from './jobs-command.ts';
export { startJobs, type Work } from './start-jobs.ts';
