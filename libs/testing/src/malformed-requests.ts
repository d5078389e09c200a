/** Values of a Host header that name no host (RFC 9110, section 7.2). */
export const MALFORMED_HOSTS: readonly string[] = [
  '',
  '[',
  '[::1',
  '[::g]',
  'a b',
  'a/b',
  'a?b',
  'a#b',
  'user@a',
  'a:b',
  'a:99999',
  'a:80:80',
  'a,b',
  '<script>',
  '%',
  'a%zz',
  '\u00e4',
  `${'a'.repeat(300)}.example`,
];

/** Bytes that are not UTF-8 (RFC 3629, section 3), with the name of the fault. */
export const NOT_UTF8: readonly (readonly [string, Uint8Array])[] = [
  ['the first half of an emoji', Uint8Array.of(0xf0, 0x9f, 0x98)],
  ['a lone continuation byte', Uint8Array.of(0x80)],
  ['Latin-1', Uint8Array.of(0xe4)],
  ['a slash in two bytes', Uint8Array.of(0xc0, 0xaf)],
  ['a NUL in two bytes', Uint8Array.of(0xc0, 0x80)],
  ['a letter in three bytes', Uint8Array.of(0xe0, 0x81, 0x81)],
  ['a high surrogate', Uint8Array.of(0xed, 0xa0, 0x80)],
  ['a pair of surrogates', Uint8Array.of(0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80)],
  ['a code point past U+10FFFF', Uint8Array.of(0xf4, 0x90, 0x80, 0x80)],
  ['a byte that is nowhere in UTF-8', Uint8Array.of(0xff)],
];

/** Replaces `@` in an ASCII text with bytes. */
export const putBytes = (text: string, bytes: Uint8Array): Buffer => {
  const [before = '', after = ''] = text.split('@');
  return Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]);
};
