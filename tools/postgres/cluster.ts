import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { programPath } from './binaries.ts';
import type { Placement } from './placement.ts';
import { PostgresFailure } from './postgres-failure.ts';
import { runAs } from './server-user.ts';
import { serverEnvironment } from './server-environment.ts';

const run = promisify(execFile);

/**
 * The built-in provider sorts and folds alike on every machine. Parts such as pg_trgm still ask the
 * machine's own locale what a letter is, where "C" knows no accents: the first that exists is taken.
 */
const LETTERS = ['C.UTF-8', 'en_US.UTF-8', 'C'];

/**
 * Makes the data folder when it is not there yet: UTF-8, scram-sha-256, a superuser `postgres`.
 * It is made beside its place and renamed when whole, so a run that was killed half-way leaves
 * nothing that could be taken for data; such leftovers are removed.
 * @throws {PostgresFailure} when the data is another's or of another major version, or initdb fails
 */
export async function ensureCluster(
  placement: Placement,
  superuserPassword: string,
): Promise<void> {
  const { binaries, dataDir, user } = placement;
  const version = versionOf(dataDir);
  if (version !== undefined) return checkVersion(version, dataDir, binaries.version);
  removeUnfinished(dataDir);

  const staging = fs.mkdtempSync(`${dataDir}.new-`);
  try {
    const passwordFile = path.join(staging, 'password');
    fs.writeFileSync(passwordFile, superuserPassword, { mode: 0o600 });
    if (user) {
      fs.chownSync(passwordFile, user.uid, user.gid);
      fs.chownSync(staging, user.uid, user.gid);
    }
    const made = path.join(staging, 'data');
    await initdb(placement, made, passwordFile);
    fs.renameSync(made, dataDir);
  } finally {
    fs.rmSync(staging, { recursive: true, force: true });
  }
}

async function initdb(
  { binaries, user }: Placement,
  dataDir: string,
  passwordFile: string,
): Promise<void> {
  const args = [
    ...['-D', dataDir, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
    ...['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
    ...['--no-sync', '--no-instructions'],
  ];
  // Detached: a Ctrl-C in the terminal is for the program that waits for this one.
  const options = { cwd: '/', env: serverEnvironment(), detached: true, ...runAs(user) };
  for (const letters of LETTERS) {
    try {
      await run(
        programPath(binaries.nativeDir, 'initdb'),
        [...args, `--lc-ctype=${letters}`],
        options,
      );
      return;
    } catch (error) {
      const { stderr, message } = error as Error & { stderr?: string };
      if (stderr?.includes('invalid locale name') && letters !== LETTERS.at(-1)) continue;
      const reason = stderr?.split('\n').find((line) => /error|fatal/i.test(line)) ?? message;
      throw new PostgresFailure(`Postgres's data folder could not be made: ${reason.trim()}`);
    }
  }
}

function versionOf(dataDir: string): string | undefined {
  try {
    return fs.readFileSync(path.join(dataDir, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new PostgresFailure(
      `The Postgres data in ${dataDir} can't be read (${code}): it belongs to another user.`,
    );
  }
}

function checkVersion(found: string, dataDir: string, installed: string): void {
  if (installed.split('.')[0] !== found) {
    throw new PostgresFailure(
      `The data in ${dataDir} is of PostgreSQL ${found}, but ${installed} is installed: ` +
        'begin again with npm start -- --reset.',
    );
  }
}

function removeUnfinished(dataDir: string): void {
  const parent = path.dirname(dataDir);
  const leftover = (name: string): boolean =>
    name === path.basename(dataDir) || name.startsWith(`${path.basename(dataDir)}.new-`);
  for (const name of fs.readdirSync(parent).filter(leftover)) {
    fs.rmSync(path.join(parent, name), { recursive: true, force: true });
  }
}
