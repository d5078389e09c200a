import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { CommandFailure, EXIT } from '@cartograph/command';
import { type Placement, programPath } from './placement.ts';
import { runAs, serverEnvironment } from './server-user.ts';

const run = promisify(execFile);

/**
 * The built-in provider sorts and folds alike on every machine. Parts such as pg_trgm still use the
 * machine's own locale for what a letter is, where "C" knows no accents: the first that exists is
 * taken.
 */
const LETTER_LOCALES = ['C.UTF-8', 'en_US.UTF-8', 'C'];

/**
 * Makes the data folder when it does not exist: UTF-8, scram-sha-256, a superuser `postgres`. It is
 * renamed to its place when it is complete; leftovers of a run that was killed are removed.
 * @throws CommandFailure when the data is of another user or major version, or initdb fails
 */
export const ensureCluster = async (
  placement: Placement,
  superuserPassword: string,
): Promise<void> => {
  const { dataDir, user, version: installed } = placement;
  const version = readVersion(dataDir);
  if (version === installed.split('.')[0]) return;
  if (version !== undefined) {
    throw new CommandFailure(
      EXIT.failed,
      `The data in ${dataDir} is of PostgreSQL ${version}, but ${installed} is installed: ` +
        'begin again with npm start -- --reset.',
    );
  }
  const staging = `${dataDir}.new`;
  for (const dir of [dataDir, staging]) fs.rmSync(dir, { recursive: true, force: true });
  fs.mkdirSync(staging, { mode: 0o700 });
  try {
    const passwordFile = path.join(staging, 'password');
    fs.writeFileSync(passwordFile, superuserPassword, { mode: 0o600 });
    for (const file of user ? [passwordFile, staging] : []) {
      fs.chownSync(file, user?.uid ?? 0, user?.gid ?? 0);
    }
    await initdb(placement, path.join(staging, 'data'), passwordFile);
    fs.renameSync(path.join(staging, 'data'), dataDir);
  } finally {
    fs.rmSync(staging, { recursive: true, force: true });
  }
};

const initdb = async (
  { nativeDir, user }: Placement,
  dataDir: string,
  passwordFile: string,
): Promise<void> => {
  const args = [
    ...['-D', dataDir, '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
    ...['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
    ...['--no-sync', '--no-instructions'],
  ];
  // Detached: a Ctrl-C in the terminal is for the program that waits for this one.
  const options = { cwd: '/', env: serverEnvironment(), detached: true, ...runAs(user) };
  for (const locale of LETTER_LOCALES) {
    try {
      const program = programPath(nativeDir, 'initdb');
      await run(program, [...args, `--lc-ctype=${locale}`], options);
      return;
    } catch (error) {
      const { stderr = '', message } = error as Error & { stderr?: string };
      if (stderr.includes('invalid locale name') && locale !== 'C') continue;
      const reason = stderr.split('\n').find((line) => /error|fatal/i.test(line)) ?? message;
      const sentence = `Postgres's data folder could not be made: ${reason.trim()}`;
      throw new CommandFailure(EXIT.failed, sentence, { cause: error });
    }
  }
};

/** The major version of existing data; undefined when there is none. */
const readVersion = (dataDir: string): string | undefined => {
  try {
    return fs.readFileSync(path.join(dataDir, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new CommandFailure(
      EXIT.failed,
      `The Postgres data in ${dataDir} can't be read (${code}): it belongs to another user.`,
      { cause: error },
    );
  }
};
