import { dictionary } from '@zxcvbn-ts/language-common';

/** Passwords that people pick most, lower case: what guessing begins with. */
const COMMON: ReadonlySet<string> = new Set(dictionary['passwords-common']);

/** True for a password that an attacker tries first, in whatever case. */
export const isCommonPassword = (password: string): boolean => COMMON.has(password.toLowerCase());
