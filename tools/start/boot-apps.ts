import { APPS, STOP_TURN } from './apps.ts';
import { environmentOf } from './environment.ts';
import { describeConfigRefusal } from './config-refusal.ts';
import { failureWithLogs, makeLogFile } from './log-file.ts';
import { startNode } from './node-process.ts';
import type { ShopPlan } from './plan.ts';
import { waitForReady } from './readiness.ts';
import { Refusal } from './refusal.ts';
import { dialable } from './settings.ts';

const READY_MS = 60_000;
/** An app that died this often before it was ever ready will not get there. */
const HOPELESS_DEATHS = 3;

/**
 * Starts the six apps in the supervisor's care, and resolves when all of them can serve.
 * @throws {Refusal} with the end of the log of each that can't, or the signal's reason
 */
export async function bootApps(plan: ShopPlan): Promise<void> {
  const { root, settings, supervisor } = plan;
  const address = dialable(settings.host);
  const apps = APPS.map((name) => ({
    name,
    url: `http://${address}:${settings.ports[name]}/readyz`,
    logFile: makeLogFile(plan.logDir, name),
  }));
  const starting = apps.map(({ name, logFile }) => {
    const args = [`apps/${name}/src/main.ts`];
    const env = environmentOf(name, plan.environment);
    return supervisor.start({
      name,
      stopTurn: STOP_TURN[name],
      start: () => startNode({ args, cwd: root, env, logFile }),
      describeRefusal: () => describeConfigRefusal(name, logFile),
    });
  });
  await Promise.all(starting);

  const notReady = await waitForReady({
    targets: apps,
    timeoutMs: READY_MS,
    isHopeless: (name) =>
      supervisor.refusals().length > 0 || supervisor.deathsOf(name) >= HOPELESS_DEATHS,
    signal: plan.signal,
  });
  const refusals = supervisor.refusals();
  if (refusals.length > 0) throw new Refusal(refusals.join('\n'));
  if (notReady.length > 0) {
    const logFiles = apps.filter(({ name }) => notReady.includes(name)).map((app) => app.logFile);
    throw failureWithLogs(`Not ready: ${notReady.join(', ')}.`, logFiles);
  }
}
