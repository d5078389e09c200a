import fs from 'node:fs';
import path from 'node:path';
import { commandOf, isAlive } from '../postgres/other-process.ts';
import { Refusal } from './refusal.ts';

/** The pid of the shop that runs on this state folder, or undefined when none does. */
export function findRunningShop(stateDir: string): number | undefined {
  try {
    const pid = Number(fs.readFileSync(lockFile(stateDir), 'utf8'));
    return isShop(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Takes the state folder for this process; a lock whose shop is gone is taken over.
 * @returns gives it back
 * @throws {Refusal} when another shop has taken it
 */
export function takeLock(stateDir: string): () => void {
  const file = lockFile(stateDir);
  if (findRunningShop(stateDir) === undefined) fs.rmSync(file, { force: true });
  try {
    fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new Refusal('Another npm start of this clone was a moment quicker.');
  }
  return () => fs.rmSync(file, { force: true });
}

function lockFile(stateDir: string): string {
  return path.join(stateDir, 'start.lock');
}

/** After a crash the pid may belong to something else by now. */
function isShop(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid || !isAlive(pid)) return false;
  const command = commandOf(pid);
  return command === undefined || /tools[\\/]start[\\/]main\.ts/.test(command);
}
