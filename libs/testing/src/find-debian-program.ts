import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const CACHE = path.resolve(import.meta.dirname, '..', '..', '..', 'node_modules', '.cache');

/** Where Debian has servers; the PATH of an ordinary user does not name it. */
const SERVER_FOLDERS = ['/usr/sbin', '/usr/local/sbin'];

const DOWNLOAD_MS = 120_000;

/** A program that can be started on this machine, and the environment that it needs. */
export type DebianProgram = {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
};

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

const findInstalled = async (name: string): Promise<string | null> => {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  for (const folder of [...folders, ...SERVER_FOLDERS]) {
    const file = path.join(folder, name);
    if (await exists(file)) return file;
  }
  return null;
};

/** Several processes may do this at the same time: the first one's folder stays. */
const unpack = async (packages: readonly string[], folder: string): Promise<void> => {
  const downloads = await mkdtemp(path.join(tmpdir(), 'debian-'));
  try {
    await run('apt-get', ['download', ...packages], { cwd: downloads, timeout: DOWNLOAD_MS });
    const unpacked = path.join(CACHE, path.basename(downloads));
    await mkdir(unpacked, { recursive: true });
    for (const file of await readdir(downloads)) {
      await run('dpkg', ['-x', path.join(downloads, file), unpacked]);
    }
    await rename(unpacked, folder).catch(() => rm(unpacked, { recursive: true }));
  } finally {
    await rm(downloads, { recursive: true });
  }
};

/** The folders of libraries below usr/lib: one for the machine's architecture. */
const findLibraries = async (folder: string): Promise<string> => {
  const usrLib = path.join(folder, 'usr', 'lib');
  const entries = await readdir(usrLib).catch(() => []);
  return entries.map((entry) => path.join(usrLib, entry)).join(':');
};

/**
 * Finds a program that is installed, or else unpacks Debian's packages once, without installing them.
 * Any user may do that, and no service is started by it.
 * @param options.file below the root of the packages, such as `usr/bin/redis-server`
 * @param options.packages that has the program, and those of libraries that a Debian may lack
 * @throws where there is neither
 */
export const findDebianProgram = async (options: {
  readonly file: string;
  readonly packages: readonly string[];
  /** What it prints with this shows that it can be started. */
  readonly versionFlag: string;
}): Promise<DebianProgram> => {
  const name = path.basename(options.file);
  const installed = await findInstalled(name);
  if (installed !== null) return { file: installed, env: {} };
  const folder = path.join(CACHE, name);
  const file = path.join(folder, options.file);
  if (!(await exists(file))) await unpack(options.packages, folder);
  const env = { LD_LIBRARY_PATH: await findLibraries(folder) };
  await run(file, [options.versionFlag], { env });
  return { file, env };
};
