import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** The libraries of this project. */
const LIBS = path.resolve(import.meta.dirname, '..', '..');

const ships = (file: string): boolean =>
  !file.endsWith('.test.ts') && !file.split(path.sep).some((part) => SKIPPED.has(part));

const SKIPPED: ReadonlySet<string> = new Set(['node_modules', 'test']);

const listFiles = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => ships(path.relative(folder, file)))
    .toSorted();
};

/**
 * The hash of an app's files, with its schema, and of all libraries. Two versions of an app that
 * could respond differently have different ones, so that they share no responses.
 * @param folder of the app
 */
export const hashCode = async (folder: string): Promise<string> => {
  const hash = createHash('sha256');
  for (const root of [path.resolve(folder), LIBS]) {
    const files = await listFiles(root);
    const contents = await Promise.all(files.map((file) => readFile(file)));
    for (const [index, file] of files.entries()) {
      const content = contents[index] ?? '';
      hash.update(`${path.relative(root, file)}\n${content.length}\n`).update(content);
    }
  }
  return hash.digest('base64url');
};
