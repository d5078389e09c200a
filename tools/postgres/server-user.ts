import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { CommandFailure, EXIT } from '@cartograph/command';

/** The system user Postgres runs as when root starts it, since Postgres refuses root. */
export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export const isRoot = (): boolean => process.getuid?.() === 0;

/** The part of spawn's options that makes a child run as this user. */
export const runAs = (user: ServerUser | undefined): { uid?: number; gid?: number } =>
  user ? { uid: user.uid, gid: user.gid } : {};

/** What initdb and postgres get of the environment: no secrets, and one language for logs. */
export const serverEnvironment = (): NodeJS.ProcessEnv => {
  const { PATH, LD_LIBRARY_PATH, SystemRoot } = process.env;
  return { PATH, LD_LIBRARY_PATH, SystemRoot, LC_ALL: 'C', TZ: 'UTC' };
};

/**
 * The user that runs Postgres when root starts it: the owner of existing data (Postgres refuses
 * another's), or the system user `postgres`, or `nobody`.
 * @throws CommandFailure when the machine has neither of the two
 */
export const findServerUser = (dataDir: string): ServerUser => {
  const owner = fs.statSync(dataDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) {
    return { name: `user ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  }
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = [readId('-u', name), readId('-g', name)];
    if (uid > 0 && gid > 0) return { name: `user ${name}`, uid, gid };
  }
  throw new CommandFailure(
    EXIT.failed,
    "Postgres can't run as root, and this machine has neither a user postgres nor nobody: " +
      'start as an ordinary user.',
  );
};

/** 0 when there is no such user. */
const readId = (option: '-u' | '-g', user: string): number => {
  try {
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    return Number(execFileSync('id', [option, user], { encoding: 'utf8', stdio: [...stdio] }));
  } catch {
    return 0;
  }
};
