import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findRunningShop, takeLock } from './lock.ts';

describe('the lock of a state folder', () => {
  let stateDir = '';
  const file = () => path.join(stateDir, 'start.lock');
  beforeEach(() => {
    stateDir = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-lock-'));
  });
  afterEach(() => fs.rmSync(stateDir, { recursive: true }));

  it('is there while it is held', () => {
    expect(findRunningShop(stateDir)).toBeUndefined();
    const release = takeLock(stateDir);
    expect(fs.readFileSync(file(), 'utf8')).toBe(String(process.pid));
    release();
    expect(fs.existsSync(file())).toBe(false);
  });

  it('is taken over from a shop that is gone, or whose pid is something else by now', async () => {
    const other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
    await once(other, 'spawn');
    for (const pid of [other.pid, 2 ** 30]) {
      fs.writeFileSync(file(), String(pid));
      expect(findRunningShop(stateDir)).toBeUndefined();
      takeLock(stateDir)();
    }
    other.kill();
  });

  it('is refused while the shop runs', async () => {
    const shop = spawn(process.execPath, [
      ...['-e', 'setTimeout(() => {}, 60_000)'],
      '/repo/tools/start/main.ts',
    ]);
    await once(shop, 'spawn');
    fs.writeFileSync(file(), String(shop.pid));
    expect(findRunningShop(stateDir)).toBe(shop.pid);
    expect(() => takeLock(stateDir)).toThrow('Another npm start');
    shop.kill();
  });

  it('is given back by who holds it alone', () => {
    const release = takeLock(stateDir);
    fs.writeFileSync(file(), '1');
    release();
    expect(fs.readFileSync(file(), 'utf8')).toBe('1');
  });

  it('is not held up by who died while it took it', () => {
    fs.writeFileSync(path.join(stateDir, `start.ticket.${2 ** 30}`), '');
    takeLock(stateDir)();
    expect(fs.readdirSync(stateDir)).toEqual([]);
  });

  it('goes to exactly one of many that take it at the same time, stale or not', async () => {
    const rounds = Array.from({ length: 40 }, (_, index) => path.join(stateDir, `${index}`));
    for (const [index, round] of rounds.entries()) {
      fs.mkdirSync(round);
      if (index % 2 === 0) fs.writeFileSync(path.join(round, 'start.lock'), String(2 ** 30));
    }
    const script = path.join(import.meta.dirname, 'test', 'take-locks.ts');
    const times = [String(Date.now() + 3_000), '50'];
    const takers = Array.from({ length: 6 }, () =>
      spawn(process.execPath, [script, '/repo/tools/start/main.ts', ...times, ...rounds], {
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    );
    try {
      const taken = await Promise.all(
        takers.map(async ({ stdout }) => {
          const [line] = (await once(stdout, 'data')) as [Buffer];
          return JSON.parse(line.toString()) as string[];
        }),
      );
      const winners = rounds.map((round) => taken.filter((one) => one.includes(round)).length);
      expect(winners).toEqual(rounds.map(() => 1));
    } finally {
      await Promise.all(
        takers.map(async (taker) => {
          if (taker.exitCode !== null) return;
          const exited = once(taker, 'exit');
          taker.kill('SIGKILL');
          await exited;
        }),
      );
    }
  });
});
