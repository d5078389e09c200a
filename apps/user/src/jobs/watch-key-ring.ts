import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { KeyFileError, readKeyRing, type KeyRing } from '@cartograph/auth';

/** Where the key ring of the service comes from. */
export type KeySource = {
  readonly ring: KeyRing;
  /** The file that the ring was read from, to be read again after a change; null for a fixed key. */
  readonly file: {
    readonly path: string;
    readonly reloadMs: number;
    readonly read: () => KeyRing;
  } | null;
};

/** The current key ring, until the watch is closed. */
export type KeyRingWatch = { readonly current: () => KeyRing; readonly close: () => void };

/**
 * Reads the key ring in a key file.
 * @param isProduction whether keys that were made for development are refused
 * @throws KeyFileError, which never repeats the contents of the file
 */
export const readKeyRingFile = (file: string, isProduction: boolean): KeyRing => {
  const ring = readKeyRing(readText(file));
  if (isProduction && ring.isDevelopment) {
    throw new KeyFileError('has keys that were made for development, and this is production');
  }
  return ring;
};

const readText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new KeyFileError(`can't be read (${(error as NodeJS.ErrnoException).code})`);
  }
};

/** Changes with any change of the file, also when another file takes its name. */
const versionOf = async (path: string): Promise<string> => {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs}`;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
};

/**
 * Reloads the key ring when its file changes. It polls, because fs.watch follows an inode: it misses
 * a file that is renamed into place, and a mounted secret of Kubernetes, which changes by a symbolic
 * link two folders up. A file that is not valid leaves the ring unchanged and is reported once.
 */
export const watchKeyRing = (
  source: KeySource,
  on: { readonly changed: (ring: KeyRing) => void; readonly failed: (error: unknown) => void },
): KeyRingWatch => {
  let { ring } = source;
  const { file } = source;
  if (!file) return { current: () => ring, close: () => {} };

  // The ring was read without its version, so the first poll reads it again.
  let version = '';
  let isClosed = false;
  const poll = async (): Promise<void> => {
    const found = await versionOf(file.path);
    if (found === version || isClosed) return;
    // Stored before the read: the next poll sees a change that comes in between.
    const isFirst = version === '';
    version = found;
    try {
      ring = file.read();
      if (!isFirst) on.changed(ring);
    } catch (error) {
      on.failed(error);
    }
  };
  let polling: Promise<void> | null = null;
  const timer = setInterval(() => {
    polling ??= poll().finally(() => {
      polling = null;
    });
  }, file.reloadMs);
  timer.unref();
  return {
    current: () => ring,
    close: () => {
      isClosed = true;
      clearInterval(timer);
    },
  };
};
