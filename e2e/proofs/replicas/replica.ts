import type { Variables } from '@cartograph/command';
import { describeExit, type RunningProcess } from '../../../tools/postgres/running-process.ts';
import { startNode } from '../../../tools/start/app-process.ts';
import type { AppName } from '../../../tools/services.ts';

/** One process of an app, which is stopped and started again. */
export type Replica = {
  readonly name: string;
  /** Counts from 1, for each app. */
  readonly number: number;
  readonly port: number;
  readonly start: () => Promise<void>;
  /** Sends SIGTERM, and waits for the exit. @returns what was wrong with it, if anything */
  readonly stop: () => Promise<string | null>;
};

/** Makes a replica, which is not started yet. */
export const makeReplica = (options: {
  readonly app: AppName;
  readonly name: string;
  readonly number: number;
  readonly port: number;
  readonly root: string;
  readonly env: Variables;
  readonly logFile: string;
}): Replica => {
  const { app, name, number, port, root, env, logFile } = options;
  let running: RunningProcess | null = null;
  return {
    name,
    number,
    port,
    start: async () => {
      running = await startNode(`apps/${app}/src/main.ts`, { cwd: root, env, logFile });
    },
    stop: async () => {
      if (!running) return null;
      const stopping = running;
      running = null;
      await stopping.stop();
      const exit = await stopping.exited;
      return exit.code === 0 ? null : `${name} ended with ${describeExit(exit)}; see ${logFile}`;
    },
  };
};
