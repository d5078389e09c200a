/** `npm run jobs -- list|retry product`: jobs and events of the product service that failed for too long. */
import { runJobsCommand } from '@cartograph/events';

process.exitCode = await runJobsCommand('product', process);
