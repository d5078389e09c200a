import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { CommandFailure, EXIT } from '@cartograph/command';
import { linkPackages } from '../../tools/test/copy-workspace.ts';
import { SERVICES } from '../../tools/services.ts';

const run = promisify(execFile);

export const ROOT = path.resolve(import.meta.dirname, '..', '..');

/** The files of an earlier commit. */
export type Checkout = {
  readonly folder: string;
  /** As git abbreviates it, with its subject. */
  readonly name: string;
  readonly remove: () => Promise<void>;
};

const git = async (...args: readonly string[]): Promise<string> => {
  const { stdout } = await run('git', args, { cwd: ROOT, maxBuffer: 1e8 });
  return stdout.trim();
};

/**
 * The release before this version: the newest tag `v<number>` before it, or else the commit before it.
 * @returns null when this clone has no earlier commit
 */
export const findPreviousRelease = async (): Promise<string | null> => {
  const parent = await git('rev-parse', '--verify', '--quiet', 'HEAD^').catch(() => null);
  if (parent === null) return null;
  const tag = git('describe', '--tags', '--abbrev=0', '--match', 'v[0-9]*', parent);
  return tag.catch(() => parent);
};

type Packages = Readonly<Record<string, { readonly version?: string; readonly dev?: boolean }>>;

const readPackages = async (root: string): Promise<Packages> => {
  const text = await fs.readFile(path.join(root, 'package-lock.json'), 'utf8');
  return (JSON.parse(text) as { readonly packages: Packages }).packages;
};

/**
 * Links the packages to the installed ones where those that run the shop are the same; otherwise
 * installs the commit's own, which takes a minute or more.
 */
const addPackages = async (folder: string): Promise<void> => {
  const [own, wanted] = await Promise.all([ROOT, folder].map(readPackages));
  const isInstalled = Object.entries(wanted ?? {}).every(
    ([place, { version, dev }]) => place === '' || dev || own?.[place]?.version === version,
  );
  if (isInstalled) linkPackages(folder);
  else await run(process.execPath, ['tools/install.js'], { cwd: folder, maxBuffer: 1e8 });
};

/** Copies the clients whose schema is the same, with their stamps, and generates the others. */
const addClients = async (folder: string): Promise<void> => {
  for (const service of SERVICES) {
    const clients = path.join('apps', service, 'src', 'db', 'generated');
    const schema = path.join('prisma', service, 'schema.prisma');
    const [own, other] = await Promise.all(
      [ROOT, folder].map((root) => fs.readFile(path.join(root, schema), 'utf8').catch(() => null)),
    );
    if (own === null || own !== other) continue;
    await fs.cp(path.join(ROOT, clients), path.join(folder, clients), { recursive: true });
  }
  await run(process.execPath, ['tools/generate/main.ts'], { cwd: folder, maxBuffer: 1e8 });
};

/**
 * Copies a commit into a temporary folder.
 * @throws CommandFailure when git does not have it, as in a clone without history
 */
export const checkOut = async (ref: string): Promise<Checkout> => {
  const commit = await git('rev-parse', '--verify', '--quiet', `${ref}^{commit}`).catch(() => {
    throw new CommandFailure(
      EXIT.usage,
      `This clone has no commit ${ref}: fetch its history (git fetch --unshallow).`,
    );
  });
  // The real path: Node runs no TypeScript below node_modules, and links lead there.
  const base = await fs.realpath(os.tmpdir());
  const folder = await fs.mkdtemp(path.join(base, 'cartograph-release-'));
  const remove = () => fs.rm(folder, { recursive: true, force: true });
  try {
    const archive = path.join(folder, 'release.tar');
    await git('archive', '--format=tar', `--output=${archive}`, commit);
    await run('tar', ['-xf', archive, '-C', folder]);
    await fs.rm(archive);
    return { folder, name: await git('log', '-1', '--format=%h (%s)', commit), remove };
  } catch (error) {
    await remove();
    throw error;
  }
};

/** Adds the packages and Prisma clients with which the apps of a checkout run. */
export const prepareToRun = async ({ folder }: Checkout): Promise<void> => {
  await addPackages(folder);
  await addClients(folder);
};
