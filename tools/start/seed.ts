import { describeExit } from './keep-running.ts';
import { failureWithLogs, makeLogFile } from './log-file.ts';
import { startNode } from './node-process.ts';
import type { ShopPlan } from './plan.ts';

/**
 * Runs the command that puts the demo data into the databases.
 * @throws {Refusal} with the end of its log when it fails, or the signal's reason
 */
export async function seed({ root, environment, logDir, signal }: ShopPlan): Promise<void> {
  const logFile = makeLogFile(logDir, 'seed');
  const args = ['tools/seed/main.ts'];
  const seeding = await startNode({ args, cwd: root, env: environment, logFile });
  const stop = (): void => void seeding.stop();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  const exit = await seeding.exited;
  signal.removeEventListener('abort', stop);

  signal.throwIfAborted();
  if (exit.code !== 0) throw failureWithLogs(`Seeding failed (${describeExit(exit)}).`, [logFile]);
}
