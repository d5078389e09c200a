import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';

const SERVICE = path.resolve(import.meta.dirname, '..', 'test', 'run-test-service.ts');

/** Runs the service until it ends by itself. */
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
