import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.ts';

/** A state folder, as a shop that runs has it. */
const addShop = (folder: string, pid: number): string => {
  const file = path.join(folder, 'cartograph e2e x', 'start.pid');
  fs.mkdirSync(path.dirname(file));
  fs.writeFileSync(file, String(pid));
  return file;
};

describe('the temporary folder of a run', () => {
  it('is removed with all that is in it when its shop has stopped', async () => {
    const folder = makeTemporaryFolder();
    const shop = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1_000)']);
    addShop(folder, shop.pid ?? 0);
    const removing = removeTemporaryFolder(folder);
    await new Promise((done) => setTimeout(done, 300));
    expect(fs.existsSync(folder)).toBe(true);
    shop.kill('SIGKILL');
    await once(shop, 'exit');
    await removing;
    expect(fs.existsSync(folder)).toBe(false);
  });

  it('stays while its shop does not stop', async () => {
    const folder = makeTemporaryFolder();
    const file = addShop(folder, process.pid);
    await removeTemporaryFolder(folder, 0);
    expect(fs.existsSync(file)).toBe(true);
    fs.rmSync(file);
    await removeTemporaryFolder(folder);
    expect(fs.existsSync(folder)).toBe(false);
  });
});
