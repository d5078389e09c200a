import { spawn } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const script = path.join(import.meta.dirname, 'test', 'run-long.ts');

/** Runs the script, and sends it a signal when it says that it has started. */
const interrupt = (signal: NodeJS.Signals, ...words: string[]) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...words], { detached: true });
    // With what it started: that would go on for ever, if the signal were not passed on.
    const timeout = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), 60_000);
    let out = '';
    child.stdout.on('data', (text: Buffer) => {
      if (out === '') child.kill(signal);
      out += text.toString();
    });
    child.once('close', (code) => {
      clearTimeout(timeout);
      resolve({ code, out });
    });
  });

describe('a process that is run', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('ends at a %s that only its parent gets, which continues', async (signal, code) => {
    expect(await interrupt(signal)).toEqual({ code, out: 'started\nafter\n' });
  });

  it('is not started after a signal that came before', async () => {
    expect(await interrupt('SIGTERM', 'slow')).toEqual({ code: 143, out: 'started\nafter\n' });
  });
});
