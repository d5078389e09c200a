/** How the text of a file is written as bytes. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** As many bytes as it takes to tell. */
export const ENCODING_BYTES = 8;

type Signature = readonly [bytes: string, what: string];

const UNPACK = 'unpack it, and import what is in it';

/** What files begin with that are no text. */
const NO_TEXT: readonly Signature[] = [
  ['1f8b', `is compressed (gzip): ${UNPACK}`],
  ['425a68', `is compressed (bzip2): ${UNPACK}`],
  ['fd377a585a00', `is compressed (xz): ${UNPACK}`],
  ['28b52ffd', `is compressed (zstd): ${UNPACK}`],
  ['504b0304', 'is a spreadsheet (.xlsx) or a ZIP archive: save it as CSV, or unpack it'],
  ['d0cf11e0', 'is a spreadsheet (.xls): save it as CSV'],
  ['fffe0000', 'is UTF-32: save it as UTF-8'],
  ['0000feff', 'is UTF-32: save it as UTF-8'],
];

/** Byte order marks (Unicode, section 23.8). That of UTF-8 is taken off where it is decoded. */
const MARKS: readonly (readonly [bytes: string, encoding: TextEncoding])[] = [
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
];

/**
 * Tells from the first bytes of a file how its text is to be read.
 * @returns the encoding, or why there is no text to read
 */
export const findEncoding = (bytes: Buffer): TextEncoding | { readonly refusal: string } => {
  const beginning = bytes.subarray(0, ENCODING_BYTES);
  const hex = beginning.toString('hex');
  for (const [signature, refusal] of NO_TEXT) if (hex.startsWith(signature)) return { refusal };
  for (const [mark, encoding] of MARKS) if (hex.startsWith(mark)) return encoding;
  if (beginning.includes(0)) {
    return { refusal: 'begins with NUL bytes: it is no text, or UTF-16 without its mark' };
  }
  return 'utf-8';
};
