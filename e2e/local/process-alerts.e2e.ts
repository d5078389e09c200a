// Not for a remote shop: starts processes of its own, and kills them.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventuallyInShop as eventually } from '@cartograph/testing';
import { describe, expect, it } from 'vitest';
import { findPrometheus } from '../../tools/observability/test/find-prometheus.ts';
import {
  startPrometheus,
  type RunningPrometheus,
} from '../../tools/observability/test/start-prometheus.ts';
import type { RunningProcess } from '../../tools/postgres/running-process.ts';
import { startNode } from '../../tools/start/app-process.ts';
import { makeSupervisor } from '../../tools/start/supervisor.ts';
import { findServicePort } from '../sandbox/service-port.ts';
import { isAlive } from '../testkit/processes.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const MAIN = 'apps/rest/src/main.ts';

/** As long as a window takes to be over, on a machine that is ten times slower. */
const ALERT_MS = 180_000;

/** In place of ten minutes. */
const LINES_WINDOW = '10s';

/** In place of a quarter of an hour: three restarts have to fit in, also on a busy machine. */
const RESTARTS_WINDOW = '45s';

/**
 * Prometheus sees a restart by an uptime that is lower than the one before: a process runs so much longer
 * than at its first reading before it is killed.
 */
const GROWN_S = 3;

/** The one restart that must be seen: the next process may take longer to start than the one before. */
const SURELY_GROWN_S = 8;

/** So many requests write fewer lines than a process holds in memory. */
const FEW = 400;

/** So many requests at the same time. */
const WORKERS = 8;

const programs = await findPrometheus();

/** REST, whose router is down: each request is answered with 503, and writes two lines. */
const makeRest = async () => {
  const [port, metricsPort, noRouter] = await Promise.all([
    findServicePort(),
    findServicePort(),
    findServicePort(),
  ]);
  const env = {
    PATH: process.env['PATH'] ?? '',
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
    NODE_ENV: 'test',
    REST_PORT: String(port),
    METRICS_PORT: String(metricsPort),
    ROUTER_URL: `http://127.0.0.1:${noRouter}/graphql`,
  };
  const fail = async (): Promise<void> => {
    const response = await fetch(`http://127.0.0.1:${port}/v1/products`);
    await response.body?.cancel();
    expect(response.status).toBe(503);
  };
  const failOften = async (): Promise<void> => {
    let left = FEW;
    const work = async (): Promise<void> => {
      while ((left -= 1) >= 0) await fail();
    };
    await Promise.all(Array.from({ length: WORKERS }, work));
  };
  return { env, metricsPort, fail, failOften };
};

const valueOf = async (prometheus: RunningPrometheus, expr: string): Promise<number> => {
  const [found] = await prometheus.query(expr);
  if (!found) throw new Error(`${expr} has no value`);
  return Number(found.value[1]);
};

/** The services for which an alert fires. */
const firing = async (prometheus: RunningPrometheus, alert: string) => {
  const found = await prometheus.query(`ALERTS{alertname="${alert}",alertstate="firing"}`);
  return found.map(({ metric }) => metric['service']);
};

const tryCauses = (program: string): void => {
  it('LogLinesDropped while the output of a process is not read', async () => {
    const rest = await makeRest();
    const child: ChildProcess = spawn(process.execPath, [MAIN], {
      cwd: ROOT,
      env: rest.env,
      // The channel ends the process, should this one end.
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const prometheus = await startPrometheus(
      program,
      { rest: rest.metricsPort },
      { window: LINES_WINDOW },
    );
    const alerts = () => firing(prometheus, 'LogLinesDropped');
    const dropped = () => valueOf(prometheus, 'shop_log_line_dropped_total');
    try {
      child.stdout?.resume();
      await eventually(rest.fail);
      // As many lines, and more, than a process holds that nobody reads.
      for (let times = 0; times < 10; times += 1) await rest.failOften();
      await eventually(async () =>
        expect(
          await valueOf(prometheus, 'sum(http_server_request_duration_count)'),
        ).toBeGreaterThan(10 * FEW),
      );
      expect([await dropped(), await alerts()]).toEqual([0, []]);

      child.stdout?.pause();
      await eventually(async () => {
        await rest.failOften();
        expect(await alerts()).toEqual(['rest']);
      }, ALERT_MS);
      expect(await dropped()).toBeGreaterThan(0);

      child.stdout?.resume();
      await eventually(async () => expect(await alerts()).toEqual([]), ALERT_MS);
      const before = await dropped();
      await rest.failOften();
      await eventually(async () =>
        expect(
          await valueOf(prometheus, `sum(increase(http_server_request_duration_count[3s]))`),
        ).toBeGreaterThan(0),
      );
      expect([await dropped(), await alerts()]).toEqual([before, []]);
    } finally {
      await prometheus.close();
      const ended = once(child, 'exit');
      if (child.exitCode === null && child.kill('SIGKILL')) await ended;
    }
  });

  it('ProcessesRestart while a process is killed again and again; not for one restart', async () => {
    const rest = await makeRest();
    const folder = await mkdtemp(path.join(tmpdir(), 'process-alerts-'));
    const options = { cwd: ROOT, env: rest.env, logFile: path.join(folder, 'rest.log') };
    const supervisor = makeSupervisor({ log: () => {}, signal: new AbortController().signal });
    let running: RunningProcess | undefined;
    const start = async () => (running = await startNode(MAIN, options));
    const prometheus = await startPrometheus(
      program,
      { rest: rest.metricsPort },
      { window: RESTARTS_WINDOW },
    );
    const alerts = () => firing(prometheus, 'ProcessesRestart');
    const countRestarts = () => valueOf(prometheus, `resets(process_uptime[${RESTARTS_WINDOW}])`);
    const uptime = () => valueOf(prometheus, 'process_uptime');
    const grow = async (seconds: number): Promise<void> => {
      const first = await eventually(uptime);
      await eventually(async () => expect(await uptime()).toBeGreaterThan(first + seconds));
    };
    /** Resolves when Prometheus has read the process that is started instead. */
    const kill = async (): Promise<void> => {
      const { pid = 0 } = running ?? {};
      const killedAt = Date.now() / 1_000;
      process.kill(pid, 'SIGKILL');
      await eventually(() => expect(isAlive(pid)).toBe(false));
      await eventually(async () => {
        const startedAt = await valueOf(prometheus, 'timestamp(process_uptime) - process_uptime');
        expect(startedAt).toBeGreaterThan(killedAt);
      });
    };

    try {
      await supervisor.start({ name: 'rest', stopOrder: 1, start });
      await grow(SURELY_GROWN_S);
      await kill();
      await grow(GROWN_S);
      expect([await countRestarts(), await alerts()]).toEqual([1, []]);

      await eventually(async () => {
        await kill();
        await grow(GROWN_S);
        expect(await alerts()).toEqual(['rest']);
      }, ALERT_MS);
      expect(await countRestarts()).toBeGreaterThan(2);

      await eventually(async () => expect(await alerts()).toEqual([]), ALERT_MS);
      expect(await uptime()).toBeGreaterThan(GROWN_S);
    } finally {
      await prometheus.close();
      await supervisor.stop();
      await rm(folder, { recursive: true });
    }
  });
};

// Without it there is nothing to test: findPrometheus prints that, and throws where CI=true.
// At the same time: both wait for windows to be over, for most of theirs.
if (programs) describe.concurrent('an alert fires:', () => tryCauses(programs.prometheus));
else it('Prometheus was not tried: there is none', () => undefined);
