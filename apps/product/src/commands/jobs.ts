/** `npm run jobs -- list|retry product`: jobs and rows of the product service that failed for too long. */
import { runJobsCommand } from '@cartograph/jobs';

process.exitCode = await runJobsCommand('product', process);
