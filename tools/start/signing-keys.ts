import { makeKeyFile } from '@cartograph/auth';
import {
  changeKeyFile,
  developmentKeysFile,
  findKeyFile,
  makePem,
} from '../../apps/user/src/commands/key-file.ts';
import type { Variables } from '@cartograph/command';

/**
 * Says where the keys are that sign access tokens: those that were given, else a file in the state
 * folder, made on the first call and marked so that production refuses it. A key that an earlier
 * version kept in `dev.env` goes on in that file, and so do the tokens it signed.
 */
export function ensureSigningKeys(stateDir: string, given: Variables, kept: Variables): Variables {
  if (given['JWT_PRIVATE_KEY'] ?? given['JWT_KEYS_FILE']) return {};
  const file = developmentKeysFile(stateDir);
  if (!findKeyFile(file)) {
    const pem = kept['JWT_PRIVATE_KEY'] ?? makePem();
    changeKeyFile(file, (found) => found ?? makeKeyFile(pem, new Date(), 'development'));
  }
  return { JWT_KEYS_FILE: file };
}
