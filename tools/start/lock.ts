import { randomUUID } from 'node:crypto';
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
 * Takes the state folder for this process; a lock whose shop is gone is taken over. Of several that
 * try at the same time one gets it.
 * @returns gives it back
 * @throws {Refusal} when another shop has taken it
 */
export function takeLock(stateDir: string): () => void {
  const file = lockFile(stateDir);
  const leave = enterAlone(stateDir);
  try {
    if (findRunningShop(stateDir) !== undefined) {
      throw new Refusal('Another npm start of this clone was a moment quicker.');
    }
    // In one step, so that nobody reads a lock without its pid.
    const made = `${file}.${randomUUID()}`;
    fs.writeFileSync(made, String(process.pid), { flag: 'wx' });
    fs.renameSync(made, file);
  } finally {
    leave();
  }
  return () => {
    const isOurs = fs.existsSync(file) && fs.readFileSync(file, 'utf8') === String(process.pid);
    if (isOurs) fs.rmSync(file);
  };
}

const TICKET = /^start\.ticket\.(\d+)$/;
/** Whoever is inside is out again in a few milliseconds. */
const GIVE_UP_MS = 10_000;
const LONGEST_WAIT_MS = 10;

/**
 * Waits until no other process looks at the lock and changes it. Each makes a ticket with its pid in
 * the name and then looks for others': of two at least one sees the other. The lower pid waits, the
 * higher withdraws and tries again. The ticket of a dead process is removed, which can't be mistaken
 * for that of a living one.
 * @returns lets the next one in
 */
function enterAlone(stateDir: string): () => void {
  const ticket = path.join(stateDir, `start.ticket.${process.pid}`);
  const leave = (): void => fs.rmSync(ticket, { force: true });
  const deadline = Date.now() + GIVE_UP_MS;
  while (Date.now() < deadline) {
    if (!fs.existsSync(ticket)) fs.writeFileSync(ticket, '');
    const others = findTickets(stateDir);
    if (others.length === 0) return leave;
    if (others.some((pid) => pid < process.pid)) leave();
    sleepSync(Math.random() * LONGEST_WAIT_MS);
  }
  leave();
  throw new Refusal('Other npm starts of this clone are starting; try again.');
}

/** The pids of other living processes that have a ticket. */
function findTickets(stateDir: string): number[] {
  const pids = fs
    .readdirSync(stateDir)
    .flatMap((name) => Number(TICKET.exec(name)?.[1] ?? 0) || [])
    .filter((pid) => pid !== process.pid);
  const alive = pids.filter(isShop);
  for (const pid of pids.filter((one) => !alive.includes(one))) {
    fs.rmSync(path.join(stateDir, `start.ticket.${pid}`), { force: true });
  }
  return alive;
}

function sleepSync(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
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
