import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { takeLock } from './lock.ts';

/** Starts a process that takes one folder after the other, 50 ms apart, and keeps what it gets. */
const takeAll = (stateDirs: readonly string[], beginAt = 0) => {
  const script = path.join(import.meta.dirname, 'test', 'take-locks.ts');
  const taker = spawn(process.execPath, [script, String(beginAt), '50', ...stateDirs], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const taken = once(taker.stdout, 'data').then(
    ([line]) => JSON.parse(String(line)) as readonly string[],
  );
  return { process: taker, taken };
};

const kill = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
};

describe('the lock of a state folder', () => {
  let stateDir = '';
  beforeEach(() => {
    stateDir = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-lock-'));
  });
  afterEach(() => fs.rmSync(stateDir, { recursive: true }));

  it('is released by the process that has it', () => {
    takeLock(stateDir)();
    takeLock(stateDir)();
    expect(fs.existsSync(path.join(stateDir, 'start.pid'))).toBe(false);
  });

  it('names the process that has it to any other', () => {
    const release = takeLock(stateDir);
    expect(() => takeLock(stateDir)).toThrow(
      `This clone's shop is already running (npm start is pid ${process.pid}).`,
    );
    release();
  });

  it('is released when its process is killed', async () => {
    const taker = takeAll([stateDir]);
    expect(await taker.taken).toEqual([stateDir]);
    expect(() => takeLock(stateDir)).toThrow(`pid ${taker.process.pid}`);
    await kill(taker.process);
    takeLock(stateDir)();
  });

  it('goes to exactly one of many that take it at the same time', async () => {
    const rounds = Array.from({ length: 20 }, (_, index) => path.join(stateDir, `${index}`));
    for (const round of rounds) fs.mkdirSync(round);
    const beginAt = Date.now() + 3_000;
    const takers = Array.from({ length: 6 }, () => takeAll(rounds, beginAt));
    try {
      const taken = await Promise.all(takers.map((taker) => taker.taken));
      const winners = rounds.map((round) => taken.filter((one) => one.includes(round)).length);
      expect(winners).toEqual(rounds.map(() => 1));
    } finally {
      await Promise.all(takers.map((taker) => kill(taker.process)));
    }
  });
});
