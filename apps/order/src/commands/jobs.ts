/** `npm run jobs -- list|retry order`: jobs and events of the order service that failed for too long. */
import { runJobsCommand } from '@cartograph/events';

process.exitCode = await runJobsCommand('order', process);
