import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const modules = path.resolve(import.meta.dirname, '..', '..', 'node_modules');

/** How a program ended, and all that it printed. */
export type Run = { readonly code: number | null; readonly output: string };

/** A folder of an application, with the packages of this repository. */
export type Workspace = {
  readonly write: (name: string, text: string) => Promise<void>;
  readonly read: (name: string) => Promise<string>;
  /** @param script of a package: `relay-compiler/cli.js` */
  readonly run: (script: string, ...words: readonly string[]) => Promise<Run>;
  readonly remove: () => Promise<void>;
};

/** Opens an empty folder in which generators of code are run. */
export const openWorkspace = async (): Promise<Workspace> => {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'graph-clients-')));
  await symlink(modules, path.join(folder, 'node_modules'));
  await writeFile(path.join(folder, 'package.json'), '{"private":true,"type":"module"}');
  return {
    write: async (name, content) => {
      const file = path.join(folder, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content);
    },
    read: (name) => readFile(path.join(folder, name), 'utf8'),
    run: async (script, ...words) => {
      const child = spawn(process.execPath, [path.join(modules, script), ...words], {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const { promise: ended, resolve, reject } = Promise.withResolvers<number | null>();
      child.once('error', reject).once('close', resolve);
      const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
      return { code, output: out + err };
    },
    remove: () => rm(folder, { recursive: true }),
  };
};
