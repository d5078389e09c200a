/** `npm run jobs -- list|retry order`: jobs and rows of the order service that failed for too long. */
import { runJobsCommand } from '@cartograph/jobs';

process.exitCode = await runJobsCommand('order', process);
