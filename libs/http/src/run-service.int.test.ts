import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { eventually } from '@cartograph/testing';
import { describe, expect, it } from 'vitest';

const SERVICE = path.resolve(import.meta.dirname, '..', 'test', 'run-test-service.ts');

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

/** Runs the service until it exits. */
const run = async (env: Record<string, string>) => {
  const child = spawn(process.execPath, [SERVICE], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    const [stderr, [code]] = await Promise.all([
      text(child.stderr),
      once(child, 'exit') as Promise<[number | null]>,
    ]);
    return { code, stderr };
  } finally {
    child.kill('SIGKILL');
  }
};

describe('a process that receives a signal to stop', () => {
  const stopDuring = async (ms: number, drainMs: number) => {
    const port = await freePort();
    const child = spawn(process.execPath, [SERVICE], {
      env: {
        PATH: process.env['PATH'],
        TEST_PORT: String(port),
        METRICS_PORT: '0',
        DRAIN_TIMEOUT_MS: String(drainMs),
      },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const exited = once(child, 'exit') as Promise<[number | null]>;
    try {
      await eventually(async () => {
        expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
      });
      const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
      child.on('message', (message) => message === 'begun' && begin());
      const answer = fetch(`http://127.0.0.1:${port}/slow?ms=${ms}`).then(
        (response) => response.text(),
        () => 'cut off',
      );
      await begun;
      child.kill('SIGTERM');
      const [[code], text] = await Promise.all([exited, answer]);
      return { code, text };
    } finally {
      child.kill('SIGKILL');
    }
  };

  it('finishes a request that takes no longer than one may', async () => {
    expect(await stopDuring(1_000, 20_000)).toEqual({ code: 0, text: 'done' });
  });

  it('is not ready, and still answers, until load balancers have noticed', async () => {
    const port = await freePort();
    const child = spawn(process.execPath, [SERVICE], {
      env: {
        PATH: process.env['PATH'],
        TEST_PORT: String(port),
        METRICS_PORT: '0',
        SHUTDOWN_DELAY_MS: '2000',
      },
      stdio: 'ignore',
    });
    const exited = once(child, 'exit') as Promise<[number | null]>;
    const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
    try {
      await eventually(async () => expect((await get('/readyz')).status).toBe(200));
      expect((await get('/healthz')).headers.get('connection')).not.toBe('close');
      const stoppedAt = performance.now();
      child.kill('SIGTERM');
      await eventually(async () => expect((await get('/readyz')).status).toBe(503), 1_500);
      const answer = await get('/healthz');
      expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
      expect(await exited).toEqual([0, null]);
      expect(performance.now() - stoppedAt).toBeGreaterThan(1_900);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('waits no longer than that', async () => {
    expect(await stopDuring(60_000, 1_000)).toEqual({ code: 1, text: 'cut off' });
  });
});

describe('a process whose parent ends', () => {
  it('stops, also when that was while it was loading', async () => {
    const child = spawn(process.execPath, [SERVICE], {
      env: { PATH: process.env['PATH'], TEST_PORT: String(await freePort()), METRICS_PORT: '0' },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const exited = once(child, 'exit');
    try {
      child.disconnect();
      expect(await exited).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('the private port of a process', () => {
  it.each([
    ['production', 404],
    ['development', 200],
  ])('in %s answers GET /drill with %d', async (NODE_ENV, status) => {
    const port = await freePort();
    const child = spawn(process.execPath, [SERVICE], {
      env: {
        PATH: process.env['PATH'],
        NODE_ENV,
        TEST_PORT: '0',
        METRICS_PORT: String(port),
      },
      stdio: 'ignore',
    });
    try {
      const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
      await eventually(async () => expect((await get('/healthz')).status).toBe(200));
      expect((await get('/drill')).status).toBe(status);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('the log of a process', () => {
  const LINES = 500;

  /** Starts the service, whose output is a pipe, and ends it. */
  const linesOf = async (end: (origin: string, pid: number) => Promise<unknown>) => {
    const port = await freePort();
    const child = spawn(process.execPath, [SERVICE], {
      env: { PATH: process.env['PATH'], TEST_PORT: String(port), METRICS_PORT: '0' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const output = text(child.stdout);
    try {
      const origin = `http://127.0.0.1:${port}`;
      await eventually(async () => {
        expect((await fetch(`${origin}/healthz`)).status).toBe(200);
      });
      await end(origin, child.pid ?? 0);
      const lines = (await output).trimEnd().split('\n');
      return lines.map((line) => JSON.parse(line) as { msg: string; line?: number });
    } finally {
      child.kill('SIGKILL');
    }
  };
  const crash = (origin: string) =>
    fetch(`${origin}/crash?lines=${LINES}`, { method: 'POST' }).catch(() => undefined);

  it('is whole after a fatal error', async () => {
    const lines = await linesOf(crash);
    expect(lines.filter(({ line }) => line !== undefined)).toHaveLength(LINES);
    expect(lines.at(-1)).toMatchObject({ level: 'fatal', msg: 'process failed' });
  });

  it('is whole after a signal', async () => {
    const lines = await linesOf(async (_origin, pid) => process.kill(pid, 'SIGTERM'));
    expect(lines.slice(-2).map(({ msg }) => msg)).toEqual(['process stopping', 'process stopped']);
  });
});

describe('a process that can not start', () => {
  it('exits with 78 and one sentence when its configuration is not valid', async () => {
    const refused = await run({ TEST_PORT: 'many' });
    expect(refused.code).toBe(78);
    expect(refused.stderr).toMatch(/^The configuration is not valid:\n {2}TEST_PORT: .*\n/);
    expect(refused.stderr).toContain('NODE_ENV is not set');
    const late = await run({ TEST_PORT: '0', TEST_FAULT: 'the database holds a demo account' });
    expect(late).toEqual({
      code: 78,
      stderr: 'The configuration is not valid:\n  the database holds a demo account\n',
    });
  });

  it('exits with 1 and one sentence when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      const { code, stderr } = await run({ TEST_PORT: String(port), METRICS_PORT: '0' });
      expect([code, stderr]).toEqual([1, `test: 127.0.0.1:${port} is taken by another process.\n`]);
      const metrics = await run({ TEST_PORT: '0', METRICS_PORT: String(port) });
      expect(metrics).toEqual({
        code: 1,
        stderr: `test (METRICS_PORT): 127.0.0.1:${port} is taken by another process.\n`,
      });
    } finally {
      other.close();
    }
  });
});
