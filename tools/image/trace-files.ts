import { glob, readdir, readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import { nodeFileTrace } from '@vercel/nft';
import type { AppName } from '../services.ts';
import { appFile, commandsOf } from './commands.ts';

const root = path.resolve(import.meta.dirname, '..', '..');

/** The part of a package-lock.json that is read here. */
type Lockfile = {
  readonly packages: Readonly<
    Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>
  >;
};

const PACKAGE_FOLDER = /^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+/;

/** The folder of the package that a file belongs to; null for the files of this repository. */
const packageOf = (file: string): string | null => PACKAGE_FOLDER.exec(file)?.[0] ?? null;

/** The tracer parses JavaScript: types are blanked, as Node does when it runs the file. */
const readSource = async (file: string): Promise<Buffer | string | null> => {
  try {
    const source = await readFile(file);
    return /(?<!\.d)\.ts$/.test(file) ? stripTypeScriptTypes(source.toString()) : source;
  } catch (error) {
    // The tracer looks for files in all places where Node would.
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'EISDIR', 'ENOTDIR'].includes(code)) return null;
    throw error;
  }
};

/** What `migrate` reads by its path: the migrations of all services. */
const findMigrations = async (): Promise<readonly string[]> => {
  const files = glob('prisma/*/{schema.prisma,migrations/**/*.*}', { cwd: root });
  return Array.fromAsync(files);
};

/** What a copy of a package must have: its licence, and the name and version that scanners read. */
const findNotices = async (folder: string): Promise<readonly string[]> => {
  const names = await readdir(path.join(root, folder));
  return names
    .filter((name) => /^(?:licen[cs]e|notice|copying)\b/i.test(name) || name === 'package.json')
    .map((name) => `${folder}/${name}`);
};

/** Parsed files, which most apps share. */
const cache = {};

/**
 * Finds the files that an app and the commands of its image need: its own sources, those files of
 * packages that they import, directly or not, and the licences of these packages. Packages for
 * development only are never among them.
 * @returns paths relative to the repository, sorted; the links of workspaces are among them
 */
export const traceFiles = async (app: AppName): Promise<readonly string[]> => {
  const { packages } = JSON.parse(
    await readFile(path.join(root, 'package-lock.json'), 'utf8'),
  ) as Lockfile;
  /** Whether a package is for development, or for development and an option of another package. */
  const isForDevelopment = (folder: string): boolean => {
    const { dev = false, devOptional = false } = packages[folder] ?? {};
    return dev || devOptional;
  };
  const entries = ['tools/image/entrypoint.ts', appFile(app), ...Object.values(commandsOf(app))];
  // Its warnings are about optional packages that are not installed.
  const { fileList } = await nodeFileTrace(
    entries.map((entry) => path.join(root, entry)),
    {
      base: root,
      processCwd: root,
      readFile: readSource,
      cache,
      ignore: (file) => isForDevelopment(packageOf(file) ?? ''),
    },
  );
  const folders = new Set([...fileList].map(packageOf).filter((folder) => folder !== null));
  const notices = await Promise.all(
    [...folders].filter((folder) => !folder.includes('@cartograph/')).map(findNotices),
  );
  const migrations = 'migrate' in commandsOf(app) ? await findMigrations() : [];
  return [...new Set(['LICENSE', ...fileList, ...notices.flat(), ...migrations])].sort();
};
