import { parseKeyFile, type KeyFile } from '@cartograph/auth';
import fs from 'node:fs';
import path from 'node:path';

/** How long a run waits for another to be done with the file. */
const LOCK_WAIT_MS = 10_000;
const LOCK_LOOK_MS = 50;

/** The file can't be changed now; the message is what to print. */
export class KeyFileBusy extends Error {
  override readonly name = 'KeyFileBusy';
}

/** Where the development shop keeps the keys that sign its access tokens. */
export function developmentKeysFile(stateDir: string): string {
  return path.join(stateDir, 'keys.json');
}

/**
 * The keys in the file, or null when there is no such file.
 * @throws KeyFileError when it is not valid
 */
export function findKeyFile(file: string): KeyFile | null {
  const text = unlessMissing(() => fs.readFileSync(file, 'utf8'));
  return text === null ? null : parseKeyFile(text);
}

/**
 * Replaces the keys in the file by what `change` makes of them, while every other run waits. What it
 * throws leaves the file as it was. All is done in one go, so that no signal comes between.
 * @throws KeyFileBusy when another run does not end, KeyFileError when the file is not valid
 */
export function changeKeyFile(file: string, change: (before: KeyFile | null) => KeyFile): KeyFile {
  const unlock = lock(`${file}.lock`);
  try {
    const after = change(findKeyFile(file));
    const text = `${JSON.stringify(after, null, 2)}\n`;
    // Nothing is written that the service would not read.
    parseKeyFile(text);
    replace(file, text);
    return after;
  } finally {
    unlock();
  }
}

/** In one step for whoever reads, and on the disk before it counts. */
function replace(file: string, text: string): void {
  const next = `${file}.${process.pid}.new`;
  fs.rmSync(next, { force: true });
  const handle = fs.openSync(next, 'wx', 0o600);
  try {
    try {
      keepOwner(handle, file);
      fs.writeFileSync(handle, text);
      fs.fsyncSync(handle);
    } finally {
      fs.closeSync(handle);
    }
    fs.renameSync(next, file);
  } catch (error) {
    fs.rmSync(next, { force: true });
    throw error;
  }
  syncFolder(path.dirname(file));
}

/** The service may run as another user than who rotates its keys, and must still read the file. */
function keepOwner(handle: number, file: string): void {
  const before = unlessMissing(() => fs.statSync(file));
  const { uid, gid } = fs.fstatSync(handle);
  if (before && (before.uid !== uid || before.gid !== gid)) {
    fs.fchownSync(handle, before.uid, before.gid);
  }
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return; // which opens no folders
  const handle = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

/** A lock whose run was killed is the person's to take away: two who do so at once would both hold it. */
function lock(file: string): () => void {
  const deadline = Date.now() + LOCK_WAIT_MS;
  for (;;) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
      return () => fs.rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (Date.now() > deadline) {
      const pid = unlessMissing(() => fs.readFileSync(file, 'utf8')) ?? 'unknown';
      throw new KeyFileBusy(
        `Another run (pid ${pid}) changes the keys. If there is none any more, remove ${file}.`,
      );
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_LOOK_MS);
  }
}

function unlessMissing<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
