import fs from 'node:fs';
import path from 'node:path';
import { configurePrometheus } from '../observability/configure-prometheus.ts';
import { ruleFiles } from '../observability/read-rules.ts';
import { guardServer } from '../postgres/guard.ts';
import { startProcess } from '../postgres/running-process.ts';
import { beginLog, type ShopPlan } from './app-process.ts';
import { privateAddresses } from './private-addresses.ts';
import { waitForReady } from './shop.ts';
import { STOP_ORDER } from './supervisor.ts';

/** Of the machine of a developer: often enough to see a drill, and no load. */
const INTERVAL_SECONDS = 5;

/** What Prometheus holds at most. */
const RETENTION = ['--storage.tsdb.retention.time=2d', '--storage.tsdb.retention.size=256MB'];

const READY_MS = 60_000;
/** Longer than it takes to write what it has in memory. */
const KILL_AFTER_MS = 10_000;
const HOPELESS_DEATHS = 3;

const HOW_TO_INSTALL =
  'There is no prometheus on the PATH, so none observes the shop: ' +
  '`apt-get install prometheus` on Debian, or see https://prometheus.io/download.';

const findOnPath = (name: string, searched = ''): string | undefined =>
  searched
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find((file) => fs.existsSync(file));

/**
 * Starts a Prometheus, supervised, that reads the private ports of the shop and evaluates the rules of
 * docker/prometheus/. Without it the shop works as well, so a sentence says what is wrong instead.
 * @param port where it listens, on this machine alone
 * @returns its address; null when there is none
 */
export const startObserver = async (plan: ShopPlan, port: number): Promise<string | null> => {
  const { environment, settings, supervisor, logDir, log } = plan;
  const program = findOnPath('prometheus', environment['PATH']);
  if (program === undefined) {
    log(HOW_TO_INSTALL);
    return null;
  }
  const folder = path.join(settings.stateDir, 'prometheus');
  fs.mkdirSync(folder, { recursive: true });
  const configFile = path.join(folder, 'prometheus.yaml');
  const targets = privateAddresses(environment, settings);
  const config = { targets, rules: ruleFiles(), intervalSeconds: INTERVAL_SECONDS };
  fs.writeFileSync(configFile, configurePrometheus(config));
  const logFile = beginLog(logDir, 'prometheus');
  const args = [
    `--config.file=${configFile}`,
    `--storage.tsdb.path=${path.join(folder, 'data')}`,
    '--enable-feature=exemplar-storage',
    `--web.listen-address=127.0.0.1:${port}`,
    '--log.level=warn',
    ...RETENTION,
  ];
  await supervisor.start({
    name: 'prometheus',
    stopOrder: STOP_ORDER.prometheus,
    start: async () => {
      const options = { logFile, stopSignal: 'SIGTERM', killAfterMs: KILL_AFTER_MS } as const;
      const running = await startProcess(program, args, options);
      // It does not notice when this process was killed.
      const endGuard = guardServer(running.pid, []);
      void running.exited.then(endGuard);
      return running;
    },
  });
  const address = `http://localhost:${port}`;
  const target = { name: 'prometheus', url: `http://127.0.0.1:${port}/-/ready` };
  const notReady = await waitForReady([target], {
    timeoutMs: READY_MS,
    isHopeless: (name) => supervisor.deathsOf(name) >= HOPELESS_DEATHS,
    signal: plan.signal,
  });
  if (notReady.length === 0) return address;
  log(`Prometheus is not ready; see ${logFile}.`);
  return null;
};
