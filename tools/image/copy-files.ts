import { chmod, copyFile, lstat, lutimes, mkdir, readlink, symlink } from 'node:fs/promises';
import path from 'node:path';

/** The time of every file: an image of the same sources has the same bytes. */
const TIMESTAMP = 0;

/** All folders above a relative path, the deepest first. */
const foldersOf = (file: string): readonly string[] => {
  const parent = path.dirname(file);
  return parent === '.' ? [] : [parent, ...foldersOf(parent)];
};

/**
 * Copies files, and symbolic links as such, with the same permissions and times for all.
 * @param files relative to both folders
 * @throws when one does not exist
 */
export const copyFiles = async (
  files: readonly string[],
  from: string,
  to: string,
): Promise<void> => {
  for (const file of files) {
    const [source, target] = [path.join(from, file), path.join(to, file)];
    await mkdir(path.dirname(target), { recursive: true });
    const stats = await lstat(source);
    if (stats.isSymbolicLink()) await symlink(await readlink(source), target);
    else if (stats.isFile()) {
      await copyFile(source, target);
      await chmod(target, 0o644);
    }
    await lutimes(target, TIMESTAMP, TIMESTAMP);
  }
  const folders = new Set(files.flatMap(foldersOf));
  for (const folder of [...folders, '.'])
    await lutimes(path.join(to, folder), TIMESTAMP, TIMESTAMP);
};
