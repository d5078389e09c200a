import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { findServicePort } from '../sandbox/service-port.ts';
import { median } from '../bench/measure.ts';
import type { ContainerTools } from './podman.ts';

const ROUNDS = 5;
const POLL_MS = 10;
const TIMEOUT_MS = 60_000;

/** An address where no server listens: `/healthz` does not need the services that an app calls. */
const ABSENT = 'http://127.0.0.1:9/graphql';

/** The apps that need no database, with what they must be told. */
const APPS = {
  router: {
    ...{ USER_URL: ABSENT, PRODUCT_URL: ABSENT, ORDER_URL: ABSENT, PAYMENT_URL: ABSENT },
    ROUTER_SECRET: randomBytes(32).toString('hex'),
  },
  rest: { ROUTER_URL: ABSENT },
} as const;

const isAlive = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(url);
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
};

/** @returns milliseconds from `podman run` to the first response of `/healthz` */
const timeStart = async (tools: ContainerTools, app: keyof typeof APPS): Promise<number> => {
  const port = await findServicePort();
  const env = {
    ...APPS[app],
    TRUSTED_PROXIES: 'loopback',
    [`${app.toUpperCase()}_PORT`]: String(port),
    METRICS_PORT: '0',
  };
  const flags = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const startedAt = performance.now();
  const [id] = (
    await tools.run('podman', [
      ...['run', '--detach', '--read-only', '--network', 'host', ...flags],
      `localhost/cartograph/${app}:latest`,
    ])
  ).split('\n');
  try {
    const since = (): number => performance.now() - startedAt;
    while (!(await isAlive(`http://127.0.0.1:${port}/healthz`))) {
      if (since() > TIMEOUT_MS) {
        throw new Error(`${app} is not alive: ${await tools.readLog(id ?? '')}`);
      }
      await sleep(POLL_MS);
    }
    return since();
  } finally {
    await tools.run('podman', ['rm', '--force', '--time', '0', id ?? '']);
  }
};

/** Starts the images of the router and of REST, without their peers. @returns a line for each */
export const measureStart = async (tools: ContainerTools): Promise<readonly string[]> => {
  const lines: string[] = [];
  for (const app of Object.keys(APPS) as (keyof typeof APPS)[]) {
    const times: number[] = [];
    while (times.length < ROUNDS) times.push(await timeStart(tools, app));
    const seconds = [Math.min(...times), median(times), Math.max(...times)].map((ms) =>
      (ms / 1_000).toFixed(2),
    );
    lines.push(`the image of ${app} starts in ${seconds.join(', ')} s (least, median, most)`);
  }
  return lines;
};
