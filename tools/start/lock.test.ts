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
});
