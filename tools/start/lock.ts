import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CommandFailure, EXIT } from '@cartograph/command';

const SQLITE_BUSY = 5;
/** A lock that is garbage-collected is released. */
const held = new Set<DatabaseSync>();

/**
 * Takes the state folder for this process. It is SQLite's lock on a file: of several processes one
 * gets it, and the operating system releases it when that process ends, also by a kill -9.
 * @returns releases the lock
 * @throws CommandFailure when another shop has it
 */
export const takeLock = (stateDir: string): (() => void) => {
  const pidFile = path.join(stateDir, 'start.pid');
  fs.accessSync(stateDir, fs.constants.W_OK);
  const lock = new DatabaseSync(path.join(stateDir, 'start.sqlite'), { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    const pid = fs.existsSync(pidFile)
      ? ` (npm start is pid ${fs.readFileSync(pidFile, 'utf8')})`
      : '';
    throw new CommandFailure(EXIT.failed, `This clone's shop is already running${pid}.`);
  }
  held.add(lock);
  fs.writeFileSync(pidFile, String(process.pid));
  return () => {
    fs.rmSync(pidFile, { force: true });
    held.delete(lock);
    lock.close();
  };
};
