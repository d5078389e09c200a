/** `npm run jobs -- list|retry payment`: jobs and rows of the payment service that failed for too long. */
import { runJobsCommand } from '@cartograph/jobs';

process.exitCode = await runJobsCommand('payment', process);
