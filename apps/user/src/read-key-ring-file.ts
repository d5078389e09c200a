import { readFileSync } from 'node:fs';
import { KeyFileError, readKeyRing, type KeyRing } from '@cartograph/auth';

/**
 * Reads the ring of a file of keys.
 * @param isProduction whether keys that were made for development are refused
 * @throws KeyFileError, which never repeats what is in the file
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
