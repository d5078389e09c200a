import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const SHOP_STOPS_MS = 60_000;
const BETWEEN_CHECKS_MS = 100;

/** Makes a folder for what tests write. Its name is short: those of Unix sockets may not be long. */
export const makeTemporaryFolder = (): string => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cartograph-'));
  // Under root, Postgres runs as another user, who must be able to enter the folder.
  fs.chmodSync(folder, 0o711);
  return folder;
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Whether a shop runs whose state folder is in the folder: a shop stops when its test has ended. */
const isInUse = (folder: string): boolean =>
  fs.globSync('*/start.pid', { cwd: folder }).some((file) => {
    try {
      return isAlive(Number(fs.readFileSync(path.join(folder, file), 'utf8')));
    } catch {
      return false; // Removed meanwhile.
    }
  });

/**
 * Removes the folder when the shops in it have stopped.
 * @param timeoutMs after which it stays, with a sentence on standard error
 */
export const removeTemporaryFolder = async (
  folder: string,
  timeoutMs = SHOP_STOPS_MS,
): Promise<void> => {
  const deadline = Date.now() + timeoutMs;
  while (isInUse(folder)) {
    if (Date.now() > deadline) {
      console.error(`A shop is still running in ${folder}, which stays.`);
      return;
    }
    await sleep(BETWEEN_CHECKS_MS);
  }
  // A throw-away Postgres that is being stopped may still write.
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
};
