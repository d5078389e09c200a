import { stat } from 'node:fs/promises';
import type { KeyRing } from '@cartograph/auth';

/** Where the ring of the service comes from. */
export type KeySource = {
  readonly ring: KeyRing;
  /** The file it was read from, to be read again when it changes; null when it never changes. */
  readonly file: {
    readonly path: string;
    readonly reloadMs: number;
    readonly read: () => KeyRing;
  } | null;
};

/** The ring as it is now, and an end to looking. */
export type KeyRingWatch = { readonly current: () => KeyRing; readonly close: () => void };

/** Another one after any change, also when another file has taken the name. */
const versionOf = async (path: string): Promise<string> => {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs}`;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
};

/**
 * Keeps the ring that the file describes. It looks instead of being told: fs.watch follows the inode
 * that it began with, so it misses a file that is renamed into place, and Kubernetes changes a
 * mounted secret by turning a symbolic link two folders up. A file that is not valid leaves the ring
 * as it was and is told of once.
 */
export const watchKeyRing = (
  source: KeySource,
  on: { readonly changed: (ring: KeyRing) => void; readonly failed: (error: unknown) => void },
): KeyRingWatch => {
  let { ring } = source;
  const { file } = source;
  if (!file) return { current: () => ring, close: () => {} };

  // The ring was read without its version: the first look reads again.
  let seen = '';
  let isClosed = false;
  const look = async (): Promise<void> => {
    const version = await versionOf(file.path);
    if (version === seen || isClosed) return;
    // Before it is read: a change that comes between is then seen by the next look.
    const isFirst = seen === '';
    seen = version;
    try {
      ring = file.read();
      if (!isFirst) on.changed(ring);
    } catch (error) {
      on.failed(error);
    }
  };
  let looking: Promise<void> | null = null;
  const timer = setInterval(() => {
    looking ??= look().finally(() => {
      looking = null;
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
