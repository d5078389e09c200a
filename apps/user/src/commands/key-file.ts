import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parseKeyFile, readSigningKey, type KeyFile } from '@cartograph/auth';
import { CommandFailure, EXIT } from '@cartograph/command';

/** How long a command waits for the lock of another one. */
const LOCK_TIMEOUT_MS = 10_000;
const LOCK_POLL_MS = 50;

/** The bits of a file's mode that say who may read and write it. */
const PERMISSIONS = 0o777;

/** Where the development shop stores the keys that sign its access tokens. */
export const developmentKeysFile = (stateDir: string): string => path.join(stateDir, 'keys.json');

/**
 * Makes an RSA key of 2048 bits, as PKCS #8 PEM. One in 64 key ids begins with a hyphen, and
 * `npm run keys -- remove` would read it as an option: such a key is not used.
 */
export const makePem = (): string => {
  for (;;) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim();
    if (!readSigningKey(pem).kid.startsWith('-')) return pem;
  }
};

const unlessMissing = <Value>(read: () => Value): Value | null => {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
};

/**
 * The keys in the file; null when there is no such file.
 * @throws KeyFileError when it is not valid
 */
export const findKeyFile = (file: string): KeyFile | null => {
  const text = unlessMissing(() => fs.readFileSync(file, 'utf8'));
  return text === null ? null : parseKeyFile(text);
};

/** Makes the rename of a file durable. Windows cannot open folders. */
const syncFolder = (folder: string): void => {
  if (process.platform === 'win32') return;
  const handle = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
};

/** Replaces the file atomically and durably. */
const replaceFile = (file: string, text: string): void => {
  const next = `${file}.${process.pid}.new`;
  fs.rmSync(next, { force: true });
  try {
    fs.writeFileSync(next, text, { flag: 'wx', mode: 0o600, flush: true });
    // The service may run as another user than the operator, and must still read the file.
    const { uid, gid, mode } = unlessMissing(() => fs.statSync(file)) ?? fs.statSync(next);
    fs.chownSync(next, uid, gid);
    fs.chmodSync(next, mode & PERMISSIONS);
    fs.renameSync(next, file);
  } catch (error) {
    fs.rmSync(next, { force: true });
    throw error;
  }
  syncFolder(path.dirname(file));
};

/** An operator removes the lock of a killed command: two commands that did so would both hold it. */
const lock = (file: string): void => {
  const deadline = Date.now() + LOCK_TIMEOUT_MS;
  for (;;) {
    try {
      return fs.writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (Date.now() > deadline) {
      const pid = unlessMissing(() => fs.readFileSync(file, 'utf8')) ?? 'unknown';
      const advice = `If it does not run any more, remove ${file}.`;
      throw new CommandFailure(
        EXIT.failed,
        `Another command (pid ${pid}) changes the keys. ${advice}`,
      );
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_POLL_MS);
  }
};

/**
 * Replaces the keys in the file by what `change` returns, under a lock. When `change` throws, the
 * file stays as it was. All of it is synchronous, so that no signal can interrupt it.
 * @throws CommandFailure when another command does not release the lock
 * @throws KeyFileError when the file is not valid, before or after
 */
export const changeKeyFile = (
  file: string,
  change: (before: KeyFile | null) => KeyFile,
): KeyFile => {
  const lockFile = `${file}.lock`;
  lock(lockFile);
  try {
    const after = change(findKeyFile(file));
    const text = `${JSON.stringify(after, null, 2)}\n`;
    // Write nothing that the service could not read.
    parseKeyFile(text);
    replaceFile(file, text);
    return after;
  } finally {
    fs.rmSync(lockFile, { force: true });
  }
};
