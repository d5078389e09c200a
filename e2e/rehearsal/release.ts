import fs from 'node:fs';
import type { Variables } from '@cartograph/command';
import { type RunningProcess, startProcess } from '../../tools/postgres/running-process.ts';
import type { AppName } from '../../tools/services.ts';
import { killAfterMs, startNode } from '../../tools/start/app-process.ts';

/** A version of the shop, whose apps can be started. */
export type Release = {
  readonly name: string;
  readonly start: (app: AppName, env: Variables, logFile: string) => Promise<RunningProcess>;
};

/** The apps of a checkout, as processes. */
export const releaseOfCheckout = (folder: string, name: string): Release => ({
  name,
  start: (app, env, logFile) => startNode(`apps/${app}/src/main.ts`, { cwd: folder, env, logFile }),
});

/** What is of the machine that starts a container, not of the container. */
const OF_THE_MACHINE = ['PATH', 'NODE_COMPILE_CACHE'];

/** An environment as `--env-file` reads it: one line a variable. A key's lines are joined by `\n`. */
const toEnvFile = (env: Variables): string =>
  Object.entries(env)
    .filter(([name]) => !OF_THE_MACHINE.includes(name))
    .map(([name, value]) => `${name}=${value.replaceAll('\n', '\\n')}\n`)
    .join('');

/**
 * The apps of a release as containers in the network of the machine; the images must be there.
 * @param pattern the name of the images: `cartograph/{app}:v1.2.0`
 * @param runtime `podman` or `docker`
 */
export const releaseOfImages = (pattern: string, runtime: string): Release => ({
  name: pattern,
  start: async (app, env, logFile) => {
    const envFile = `${logFile}.env`;
    fs.writeFileSync(envFile, toEnvFile(env), { mode: 0o600 });
    const image = pattern.replaceAll('{app}', app);
    const args = ['run', '--rm', '--pull=never', '--network=host', `--env-file=${envFile}`, image];
    // The signal is passed on to the container.
    const stop = { stopSignal: 'SIGTERM', killAfterMs: killAfterMs(env) } as const;
    return startProcess(runtime, args, { env: process.env, logFile, ...stop });
  },
});
