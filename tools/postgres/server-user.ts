import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { PostgresFailure } from './postgres-failure.ts';

/** The system user Postgres runs as when root starts it, since Postgres refuses root. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Whether this process is root, so that Postgres has to run as somebody else. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * Who is to run Postgres when root starts it: the owner of the data if there is some already
 * (Postgres refuses another's), or the system user `postgres`, or `nobody`.
 * @throws {PostgresFailure} when the machine has neither of the two
 */
export function chooseServerUser(dataDir: string): ServerUser {
  const owner = fs.statSync(dataDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) {
    const name = askId('-un', String(owner.uid)) ?? owner.uid;
    return { name: `user ${name}`, uid: owner.uid, gid: owner.gid };
  }
  for (const name of ['postgres', 'nobody']) {
    const uid = Number(askId('-u', name) ?? 0);
    const gid = Number(askId('-g', name) ?? 0);
    if (uid > 0 && gid > 0) return { name: `user ${name}`, uid, gid };
  }
  throw new PostgresFailure(
    "Postgres can't run as root, and this machine has neither a user postgres nor nobody: " +
      'start as an ordinary user.',
  );
}

/** The part of spawn's options that makes a child run as this user. */
export function runAs(user: ServerUser | undefined): { uid?: number; gid?: number } {
  return user ? { uid: user.uid, gid: user.gid } : {};
}

/** Whether the user can run a command; its output is dropped. */
export function canRun(user: ServerUser, command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { cwd: '/', stdio: 'ignore', ...runAs(user) });
    return true;
  } catch {
    return false;
  }
}

/** Whether the user can enter a folder, through all the folders above it. */
export function canEnter(user: ServerUser, folder: string): boolean {
  return canRun(user, '/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder]);
}

/** What the command `id` answers; undefined when there is no such user. */
function askId(option: '-u' | '-g' | '-un', user: string): string | undefined {
  try {
    return execFileSync('id', [option, user], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}
