import { isUtf8 } from 'node:buffer';
import { BrokenFile, LINE_END } from './source-row.ts';

type Bytes = AsyncIterable<Buffer>;

/** How many bytes identify an encoding or a file type. */
const SIGNATURE_BYTES = 8;

const UNPACK = 'unpack it, and import what is in it';

/** The signatures of files that are not text, and what to do with them. */
const FILE_TYPES = [
  ['1f8b', `is compressed (gzip): ${UNPACK}`],
  ['425a68', `is compressed (bzip2): ${UNPACK}`],
  ['fd377a585a00', `is compressed (xz): ${UNPACK}`],
  ['28b52ffd', `is compressed (zstd): ${UNPACK}`],
  ['504b0304', 'is a spreadsheet (.xlsx) or a ZIP archive: save it as CSV, or unpack it'],
  ['d0cf11e0', 'is a spreadsheet (.xls): save it as CSV'],
  ['fffe0000', 'is UTF-32: save it as UTF-8'],
  ['0000feff', 'is UTF-32: save it as UTF-8'],
] as const;

/** Counts the lines of a text that arrives in chunks, from 1. A chunk may end within a CR LF. */
const makeLineCounter = () => {
  let line = 1;
  let endsInReturn = false;
  return {
    getLine: () => line,
    add: (text: string): void => {
      if (text === '') return;
      line += text.match(new RegExp(LINE_END, 'g'))?.length ?? 0;
      if (endsInReturn && text.startsWith('\n')) line -= 1;
      endsInReturn = text.endsWith('\r');
    },
  };
};

/** How many bytes at the end belong to a character that is not complete: 0 to 3. */
const countIncomplete = (bytes: Buffer): number => {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    // 10xxxxxx continues a character; 11xxxxxx begins one of 2 to 4 bytes (RFC 3629, section 3).
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
};

/** Decodes bytes, chunk by chunk. @param isValid whether all bytes of a chunk are characters */
const makeDecoder = (
  countRest: (bytes: Buffer) => number,
  decode: (bytes: Buffer) => string,
  isValid: (bytes: Buffer) => boolean = () => true,
) =>
  async function* (bytes: Bytes): AsyncGenerator<string> {
    const lines = makeLineCounter();
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of bytes) {
      const all = Buffer.concat([rest, chunk]);
      const end = all.length - countRest(all);
      rest = all.subarray(end);
      const complete = all.subarray(0, end);
      const isFaulty = !isValid(complete);
      const decoded = decode(complete);
      const text = isFaulty ? decoded.slice(0, decoded.indexOf('\uFFFD')) : decoded;
      lines.add(text);
      yield text;
      if (isFaulty) throw new BrokenFile(lines.getLine(), 'is not UTF-8 text');
    }
    if (rest.length > 0) {
      throw new BrokenFile(lines.getLine(), 'ends in the middle of a character');
    }
  };

const countOdd = (bytes: Buffer): number => bytes.length % 2;

const readUtf8 = makeDecoder(countIncomplete, (bytes) => bytes.toString('utf8'), isUtf8);

/** The decoders of UTF-16 by their byte order marks; a row with half of a pair is a faulty row. */
const UTF_16 = new Map([
  ['fffe', makeDecoder(countOdd, (bytes) => bytes.toString('utf16le'))],
  ['feff', makeDecoder(countOdd, (bytes) => bytes.swap16().toString('utf16le'))],
]);

/** @throws BrokenFile when the first bytes are not those of a text */
const findDecoder = (beginning: Buffer) => {
  const signature = beginning.subarray(0, SIGNATURE_BYTES);
  const hex = signature.toString('hex');
  const known = FILE_TYPES.find(([type]) => hex.startsWith(type));
  if (known) throw new BrokenFile(1, known[1]);
  const utf16 = UTF_16.get(hex.slice(0, 4));
  if (!utf16 && signature.includes(0)) {
    throw new BrokenFile(1, 'begins with NUL bytes: it is no text, or UTF-16 without its mark');
  }
  return utf16 ?? readUtf8;
};

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Reads bytes as UTF-8, or as UTF-16 if they begin with its byte order mark, without the mark.
 * @throws BrokenFile where the bytes are not text, after the text before
 */
export async function* readText(bytes: Bytes): AsyncGenerator<string> {
  const chunks = bytes[Symbol.asyncIterator]();
  let beginning: Buffer = Buffer.alloc(0);
  while (beginning.length < SIGNATURE_BYTES) {
    const next = await chunks.next();
    if (next.done) break;
    beginning = Buffer.concat([beginning, next.value]);
  }
  const decode = findDecoder(beginning);
  const all = async function* () {
    yield beginning;
    yield* { [Symbol.asyncIterator]: () => chunks };
  };
  let isFirst = true;
  for await (const text of decode(all())) {
    yield isFirst && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
    isFirst &&= text === '';
  }
}
