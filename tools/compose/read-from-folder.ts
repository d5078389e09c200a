import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ReadFile } from './read-subgraphs.ts';

/** Reads files of a folder as they are now. */
export const readFromFolder =
  (folder: string): ReadFile =>
  async (file) => {
    try {
      return await readFile(path.join(folder, file), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  };
