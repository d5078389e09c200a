import { isUtf8 } from 'node:buffer';
import { makeLineCounter } from './line-ends.ts';
import { BrokenFile } from './source-row.ts';
import { ENCODING_BYTES, findEncoding } from './text-encoding.ts';

type Pieces = AsyncIterable<Buffer>;

/** How many bytes at the end begin a character that has not come whole: 0 to 3. */
const countBegun = (bytes: Buffer): number => {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    // 10xxxxxx goes on; 11xxxxxx begins a character of 2 to 4 bytes (RFC 3629, section 3).
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
};

const MARK = '\uFEFF';

async function* readUtf8(bytes: Pieces): AsyncGenerator<string> {
  const lines = makeLineCounter();
  let begun: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const all = begun.length > 0 ? Buffer.concat([begun, chunk]) : chunk;
    const end = all.length - countBegun(all);
    begun = all.subarray(end);
    const whole = all.subarray(0, end);
    const text = whole.toString('utf8');
    if (!isUtf8(whole)) {
      const readable = text.slice(0, text.indexOf('\uFFFD'));
      lines.add(readable);
      yield readable;
      throw new BrokenFile(lines.getLine(), 'is not UTF-8 text');
    }
    lines.add(text);
    yield text;
  }
  if (begun.length > 0) throw new BrokenFile(lines.getLine(), 'ends in the middle of a character');
}

/** Half of a surrogate pair stays what it is: the row that has it is refused, not the file. */
const readUtf16 = (isBigEndian: boolean) =>
  async function* (bytes: Pieces): AsyncGenerator<string> {
    const lines = makeLineCounter();
    let begun: Buffer = Buffer.alloc(0);
    for await (const chunk of bytes) {
      const all = Buffer.concat([begun, chunk]);
      const end = all.length - (all.length % 2);
      begun = all.subarray(end);
      const whole = all.subarray(0, end);
      const text = (isBigEndian ? whole.swap16() : whole).toString('utf16le');
      lines.add(text);
      yield text;
    }
    if (begun.length > 0) {
      throw new BrokenFile(lines.getLine(), 'ends in the middle of a character');
    }
  };

const READERS = {
  'utf-8': readUtf8,
  'utf-16le': readUtf16(false),
  'utf-16be': readUtf16(true),
};

/**
 * Reads bytes as UTF-8, or as UTF-16 where its mark says so, without the mark.
 * @throws BrokenFile where they are not; the text before that is given out first
 */
export async function* readText(bytes: Pieces): AsyncGenerator<string> {
  const pieces = bytes[Symbol.asyncIterator]();
  let beginning: Buffer = Buffer.alloc(0);
  while (beginning.length < ENCODING_BYTES) {
    const next = await pieces.next();
    if (next.done) break;
    beginning = Buffer.concat([beginning, next.value]);
  }
  const encoding = findEncoding(beginning);
  if (typeof encoding === 'object') throw new BrokenFile(1, encoding.refusal);
  const all = async function* () {
    yield beginning;
    yield* { [Symbol.asyncIterator]: () => pieces };
  };
  let isFirst = true;
  for await (const text of READERS[encoding](all())) {
    yield isFirst && text.startsWith(MARK) ? text.slice(1) : text;
    isFirst &&= text === '';
  }
}
