import type { FieldFault } from '@cartograph/errors';
import { isWithin } from '@cartograph/validation';
import { isCommonPassword } from './common-passwords.ts';
import { readEmail } from './email.ts';

const PASSWORD_MIN = 8;
const PASSWORD_MAX = 128;

/**
 * As it is typed, a password may have several characters for each that is hashed: syllables of
 * Hangul in their parts, letters with accents of their own.
 */
const PASSWORD_MAX_TYPED = 4 * PASSWORD_MAX;

/**
 * Brings a password into the form that is hashed: the same characters typed on another keyboard
 * are the same password (NIST SP 800-63B, section 5.1.1.2). The length comes first: NFKC takes time
 * with the square of combining marks.
 * @returns null when it is too long to be one
 */
export const readPassword = (text: string): string | null =>
  isWithin(text, PASSWORD_MAX_TYPED) ? text.normalize('NFKC') : null;

/** Says what is wrong with a new password, under the name of its field; nothing when all is well. */
export type PasswordRule = (path: string, password: string) => readonly FieldFault[];

/**
 * Makes the rule of passwords: length, and none that everybody tries first (NIST SP 800-63B,
 * section 5.1.1.2). No rule about which characters: those make passwords worse.
 * @param allowed passwords that may be common all the same, as examples are
 */
export const makePasswordRule =
  (allowed: readonly string[]): PasswordRule =>
  (path, password) => {
    const normalised = readPassword(password);
    const length = normalised === null ? Infinity : [...normalised].length;
    if (normalised === null || length < PASSWORD_MIN || length > PASSWORD_MAX) {
      return [{ path, message: `must have ${PASSWORD_MIN} to ${PASSWORD_MAX} characters` }];
    }
    if (allowed.includes(password) || !isCommonPassword(normalised)) return [];
    return [{ path, message: 'is one of the first that others would try' }];
  };

/** What is wrong with a new address and password: every fault, none when all is well. */
export const findCredentialFaults = (
  input: { email: string; password: string },
  passwordRule: PasswordRule,
): readonly FieldFault[] => [
  ...(readEmail(input.email) === null
    ? [{ path: 'email', message: 'is not an e-mail address' }]
    : []),
  ...passwordRule('password', input.password),
];
