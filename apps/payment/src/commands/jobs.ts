/** `npm run jobs -- list|retry payment`: jobs and events of the payment service that failed for too long. */
import { runJobsCommand } from '@cartograph/events';

process.exitCode = await runJobsCommand('payment', process);
