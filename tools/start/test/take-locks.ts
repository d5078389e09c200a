/**
 * A process for the test of the lock: at given times it tries to take one state folder after the
 * other, keeps what it gets, and prints which.
 */
import fs from 'node:fs';
import { CommandFailure } from '@cartograph/command';
import { takeLock } from '../lock.ts';

const [beginAt = '0', everyMs = '0', ...stateDirs] = process.argv.slice(2);

const taken = stateDirs.filter((stateDir, index) => {
  const at = Number(beginAt) + index * Number(everyMs);
  // All takers at the same instant: a timer would be a millisecond late for some.
  while (Date.now() < at);
  try {
    takeLock(stateDir);
    return true;
  } catch (error) {
    if (error instanceof CommandFailure) return false;
    throw error;
  }
});
fs.writeSync(1, `${JSON.stringify(taken)}\n`);
// Until it is killed: its locks are those of a shop that runs.
setInterval(() => {}, 60_000);
