import { isUtf8 } from 'node:buffer';
import { BrokenFile } from './source-row.ts';

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

/** How many line ends a text has. */
export const countLines = (text: string): number => {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
};

/**
 * Reads bytes as UTF-8, without the mark that some programs begin a file with.
 * @throws BrokenFile where they are not; the text before that is given out first
 */
export async function* readText(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let line = 1;
  let begun: Buffer = Buffer.alloc(0);
  let isFirst = true;
  const decode = (whole: Buffer): string => {
    const text = whole.toString('utf8');
    if (!isFirst || whole.length === 0) return text;
    isFirst = false;
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  };
  for await (const chunk of bytes) {
    const all = begun.length > 0 ? Buffer.concat([begun, chunk]) : chunk;
    const end = all.length - countBegun(all);
    begun = all.subarray(end);
    const whole = all.subarray(0, end);
    const text = decode(whole);
    if (!isUtf8(whole)) {
      const readable = text.slice(0, text.indexOf('\uFFFD'));
      yield readable;
      throw new BrokenFile(line + countLines(readable), 'is not UTF-8 text');
    }
    line += countLines(text);
    yield text;
  }
  if (begun.length > 0) throw new BrokenFile(line, 'ends in the middle of a character');
}
