import { domainToASCII } from 'node:url';
import { isWithin } from '@cartograph/validation';

/** RFC 5321, section 4.5.3.1.3: a path has 256 octets with its brackets, so an address has 254. */
export const EMAIL_MAX = 254;

/** RFC 5321, section 4.5.3.1.1: octets before the `@`. */
const LOCAL_PART = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/;

/** RFC 1034, section 3.5, as HTML has it: 63 octets, letters, digits and hyphens within. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** What a domain with other letters may have of ASCII: the rest has a meaning in the parser of URLs. */
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
 * Brings an e-mail address into the one form that is stored and compared: trimmed, NFKC, the part
 * before the `@` in lower case, the domain in ASCII. It takes what `<input type=email>` takes (HTML,
 * section 4.10.5.1.5: the atoms of RFC 5321, and dots anywhere between them), and internationalised
 * domains in either spelling. The length comes first: NFKC takes time with the square of combining
 * marks.
 * @returns null when it is no address
 */
export const readEmail = (text: string): string | null => {
  if (!isWithin(text, EMAIL_MAX)) return null;
  const address = text.trim().normalize('NFKC');
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
