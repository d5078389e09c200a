import { domainToASCII } from 'node:url';
import type { FieldFault } from '@cartograph/errors';
import { isWithin, text } from '@cartograph/validation';
import { dictionary } from '@zxcvbn-ts/language-common';
import { z } from 'zod';

/** RFC 5321, section 4.5.3.1.3: a path has 256 octets with its brackets, so an address has 254. */
export const EMAIL_MAX = 254;

/** RFC 5321, section 4.5.3.1.1: octets before the `@`. */
const LOCAL_PART = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/;

/** RFC 1034, section 3.5, as in HTML: 63 octets, letters, digits and hyphens within. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** An internationalised domain may have no other ASCII: the URL parser gives it a meaning. */
const INTERNATIONAL = /^[A-Za-z0-9.\u{80}-\u{10ffff}-]+$/u;

const ASCII = /^[\0-\x7f]*$/;

/**
 * The ASCII spelling of a domain, in which mail is delivered: `пример.рф` is
 * `xn--e1afmkfd.xn--p1ai` (UTS #46, RFC 5891). Empty when there is none.
 */
const toAscii = (domain: string): string => {
  if (ASCII.test(domain)) return domain.toLowerCase();
  return INTERNATIONAL.test(domain) ? domainToASCII(domain) : '';
};

/**
 * Normalises an e-mail address to the one form that is stored and compared: trimmed, NFKC, the part
 * before the `@` in lower case, the domain in ASCII. It accepts what `<input type=email>` accepts
 * (HTML, section 4.10.5.1.5: the atoms of RFC 5321, and dots anywhere between them), and
 * internationalised domains in either spelling. The length is checked first: NFKC takes time with
 * the square of combining marks.
 * @returns null when it is no address
 */
export const normalizeEmail = (given: string): string | null => {
  if (!isWithin(given, EMAIL_MAX)) return null;
  const address = given.trim().normalize('NFKC');
  const at = address.lastIndexOf('@');
  if (at < 0) return null;
  const local = address.slice(0, at).toLowerCase();
  const domain = toAscii(address.slice(at + 1));
  const email = `${local}@${domain}`;
  const isAddress =
    email.length <= EMAIL_MAX &&
    LOCAL_PART.test(local) &&
    domain.split('.').every((label) => LABEL.test(label));
  return isAddress ? email : null;
};

const PASSWORD_MIN = 8;
const PASSWORD_MAX = 128;

/**
 * Before it is normalised, a password may have several characters for each that is hashed: the parts
 * of Hangul syllables, letters with separate accents.
 */
const PASSWORD_MAX_TYPED = 4 * PASSWORD_MAX;

/** The most common passwords, in lower case: attackers try these first. */
const COMMON_PASSWORDS: ReadonlySet<string> = new Set(dictionary['passwords-common']);

/**
 * Normalises a password to the form that is hashed: the same characters typed on another keyboard
 * are the same password (NIST SP 800-63B, section 5.1.1.2). The length is checked first: NFKC takes
 * time with the square of combining marks.
 * @returns null when it is too long
 */
export const normalizePassword = (typed: string): string | null =>
  isWithin(typed, PASSWORD_MAX_TYPED) ? typed.normalize('NFKC') : null;

/** Finds what is wrong with a new password, under the name of its field. */
export type PasswordRule = (path: string, password: string) => readonly FieldFault[];

/**
 * Makes the rule for new passwords: a length, and no common password (NIST SP 800-63B, section
 * 5.1.1.2). No rule about which characters: those make passwords worse.
 * @param allowed common passwords that are accepted, for examples
 */
export const makePasswordRule =
  (allowed: readonly string[]): PasswordRule =>
  (path, password) => {
    const normalized = normalizePassword(password);
    const length = normalized === null ? Infinity : [...normalized].length;
    if (normalized === null || length < PASSWORD_MIN || length > PASSWORD_MAX) {
      return [{ path, message: `must have ${PASSWORD_MIN} to ${PASSWORD_MAX} characters` }];
    }
    const isCommon = COMMON_PASSWORDS.has(normalized.toLowerCase());
    if (!isCommon || allowed.includes(password)) return [];
    return [{ path, message: 'is a common password' }];
  };

/** Every fault of a new address and password. */
export const findCredentialFaults = (
  input: { email: string; password: string },
  passwordRule: PasswordRule,
): readonly FieldFault[] => [
  ...(normalizeEmail(input.email) === null
    ? [{ path: 'email', message: 'is not an e-mail address' }]
    : []),
  ...passwordRule('password', input.password),
];

/** What a customer may change of a profile. */
export const profileInput = z.object({ name: text(0, 100).nullish() });
