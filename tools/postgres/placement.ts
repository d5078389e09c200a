import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { type Binaries, findBinaries, programPath } from './binaries.ts';
import { PostgresFailure } from './postgres-failure.ts';
import { canEnter, canRun, chooseServerUser, isRoot, type ServerUser } from './server-user.ts';

/** Where Postgres runs from, where its data is, and as whom it runs (undefined: as oneself). */
export interface Placement {
  readonly binaries: Binaries;
  readonly dataDir: string;
  readonly user: ServerUser | undefined;
}

/** What a placement is decided from. */
export interface PlacementWish {
  readonly dataDir: string;
  /** Folder used instead, when root starts Postgres and its user can't reach the others. */
  readonly runtimeDir: string;
  readonly log: (line: string) => void;
}

/** The folder that stands in for a state folder which Postgres's own user may not enter. */
export function standInFor(stateDir: string): string {
  const hash = createHash('sha256').update(path.resolve(stateDir)).digest('hex').slice(0, 12);
  return path.join('/var/tmp', `cartograph-${hash}`);
}

/** The data folder below a stand-in folder. */
export function standInDataDir(runtimeDir: string): string {
  return path.join(runtimeDir, 'data');
}

/**
 * Decides where Postgres runs, and makes the folder above the data. As an ordinary user all stays
 * where it is wished. Root has to hand over to another user, and a clone often lies where only root
 * may enter (such as /root): then binaries, data or both go to `runtimeDir`, which `log` tells.
 * @throws {PostgresFailure} when `runtimeDir` is not root's, or nothing works there either
 */
export async function placePostgres(wish: PlacementWish): Promise<Placement> {
  const binaries = await findBinaries();
  const parent = path.dirname(wish.dataDir);
  try {
    fs.mkdirSync(parent, { recursive: true });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new PostgresFailure(`The folder ${parent} for Postgres can't be made (${reason}).`);
  }
  if (!isRoot()) return { binaries, dataDir: wish.dataDir, user: undefined };

  const standIn = standInDataDir(wish.runtimeDir);
  const madeBefore = holdsData(standIn) && !holdsData(wish.dataDir);
  const user = chooseServerUser(madeBefore ? standIn : wish.dataDir);
  const stays = !madeBefore && canEnter(user, parent);
  if (!stays) {
    makeStandIn(wish.runtimeDir);
    wish.log(`Postgres runs as ${user.name}, who may not enter ${parent}: its data is ${standIn}`);
  }
  return {
    binaries: reachableBinaries(binaries, user, wish),
    dataDir: stays ? wish.dataDir : standIn,
    user,
  };
}

function holdsData(dataDir: string): boolean {
  return fs.existsSync(path.join(dataDir, 'PG_VERSION'));
}

function makeStandIn(runtimeDir: string): void {
  try {
    fs.mkdirSync(runtimeDir);
    fs.chmodSync(runtimeDir, 0o755);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    if (reason !== 'EEXIST') {
      throw new PostgresFailure(`The folder ${runtimeDir} for Postgres can't be made (${reason}).`);
    }
  }
  checkStandIn(runtimeDir);
}

/**
 * Others may write to /var/tmp: what is there already counts only if it is root's.
 * @throws {PostgresFailure} when it is a link, another's, or others may write to it
 */
export function checkStandIn(runtimeDir: string): void {
  const found = fs.lstatSync(runtimeDir);
  if (!found.isDirectory() || found.uid !== 0 || (found.mode & 0o022) !== 0) {
    throw new PostgresFailure(
      `${runtimeDir} is needed for Postgres but is not a folder of root alone: remove it first.`,
    );
  }
}

function reachableBinaries(binaries: Binaries, user: ServerUser, wish: PlacementWish): Binaries {
  const { nativeDir, version } = binaries;
  if (canRun(user, programPath(nativeDir, 'postgres'), ['-V'])) return binaries;
  makeStandIn(wish.runtimeDir);
  const copy = path.join(wish.runtimeDir, `native-${version}`);
  if (!fs.existsSync(copy)) {
    // Renamed only when whole, so that a copy that exists is a copy that can be used.
    const unfinished = `${copy}.${process.pid}`;
    fs.cpSync(nativeDir, unfinished, { recursive: true, verbatimSymlinks: true });
    letOthersRead(unfinished);
    fs.renameSync(unfinished, copy);
  }
  if (!canRun(user, programPath(copy, 'postgres'), ['-V'])) {
    throw new PostgresFailure(
      `Postgres can't run as root, and ${user.name} can run it neither from ${nativeDir} ` +
        `nor from ${copy}: start as an ordinary user.`,
    );
  }
  wish.log(`Postgres runs as ${user.name}, who can't reach ${nativeDir}: it was copied to ${copy}`);
  return { nativeDir: copy, version };
}

/** A clone made under a strict umask has files that only root can read. */
function letOthersRead(folder: string): void {
  fs.chmodSync(folder, 0o755);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) continue;
    const isProgram = entry.isFile() && (fs.statSync(file).mode & 0o100) !== 0;
    fs.chmodSync(file, entry.isDirectory() || isProgram ? 0o755 : 0o644);
  }
}
