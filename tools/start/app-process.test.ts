import { DEFAULT_RESPONSE_TIMEOUT_MS, readDrainTimeout } from '@cartograph/config';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beginLog, describeConfigError, failureWithLogs, killAfterMs } from './app-process.ts';

describe('a process that is stopped', () => {
  it('is killed only after it has waited for its requests itself', () => {
    const drain = readDrainTimeout(undefined);
    expect([DEFAULT_RESPONSE_TIMEOUT_MS, drain, killAfterMs({})]).toEqual([15_000, 20_000, 25_000]);
    expect(killAfterMs({ DRAIN_TIMEOUT_MS: '40000' })).toBe(45_000);
    expect(killAfterMs({ SHUTDOWN_DELAY_MS: '3000' })).toBe(28_000);
    expect(killAfterMs({ SUBGRAPH_TIMEOUT_MS: '60000' })).toBe(70_000);
    expect(killAfterMs({ ROUTER_TIMEOUT_MS: '30000', DRAIN_TIMEOUT_MS: 'x' })).toBe(40_000);
  });
});

describe('the log of a process', () => {
  let folder = '';
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-log-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const write = (...lines: string[]): string => {
    const file = beginLog(folder, 'rest');
    fs.writeFileSync(file, `${lines.join('\n')}\n`);
    return file;
  };

  it('begins empty at each start, and the one before is kept', () => {
    write('yesterday');
    write('today');
    expect(fs.readFileSync(path.join(folder, 'rest.log.old'), 'utf8')).toBe('yesterday\n');
    expect(fs.readFileSync(path.join(folder, 'rest.log'), 'utf8')).toBe('today\n');
  });

  it('is shown from its end when the process fails', () => {
    const file = write(...Array.from({ length: 30 }, (_, index) => `line ${index}`));
    const { message } = failureWithLogs('Not ready: rest.', [file]);
    expect(message).toMatch(/^Not ready: rest\.\n\nThe end of .*rest\.log:\n {2}line 10\n/);
    expect(message).toMatch(/\n {2}line 29$/);
    expect(failureWithLogs('No.', [path.join(folder, 'none.log')]).message).toContain('No.');
  });

  it('says what is wrong with the configuration, as the process wrote it last', () => {
    const first = 'The configuration is not valid:';
    const file = write(first, '  OLD: x', '{"msg":"ok"}', first, '  A: is not set', '  B: y');
    expect(describeConfigError('rest', file)).toBe(
      "rest can't run. The configuration is not valid:\n  A: is not set\n  B: y",
    );
  });

  it('is named where the process wrote something else', () => {
    expect(describeConfigError('rest', write('{"msg":"ok"}'))).toContain('rest.log');
  });
});
