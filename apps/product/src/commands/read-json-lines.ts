import { parseExactly } from './exact-number.ts';
import { LINE_END } from './line-ends.ts';
import { BrokenFile, MAX_ROW_LENGTH, type SourceRow, type SourceRows } from './source-row.ts';

/** As much of a line that is no JSON as helps to find what is wrong with it. */
const MAX_QUOTED = 2_000;

const readRow = (line: number, text: string): SourceRow => {
  try {
    return { line, value: parseExactly(text) };
  } catch (error) {
    const fault = error instanceof SyntaxError ? 'is not JSON' : 'is nested too deeply';
    return { line, value: text.slice(0, MAX_QUOTED), fault };
  }
};

/**
 * Reads JSON Lines: each line by itself, so that one that is broken is one bad row.
 * @throws BrokenFile where a line has no end in sight
 */
export async function* readJsonLines(chunks: AsyncIterable<string>): SourceRows {
  let line = 1;
  let begun = '';
  const take = (texts: readonly string[]): SourceRow[] => {
    const rows: SourceRow[] = [];
    for (const text of texts) {
      if (text.trim() !== '') rows.push(readRow(line, text));
      line += 1;
    }
    return rows;
  };
  for await (const chunk of chunks) {
    const all = begun + chunk;
    // The LF of a CR at the end may be still to come.
    const end = all.endsWith('\r') ? all.length - 1 : all.length;
    const texts = all.slice(0, end).split(LINE_END);
    begun = (texts.pop() ?? '') + all.slice(end);
    yield take(texts);
    if (begun.length > MAX_ROW_LENGTH) {
      throw new BrokenFile(line, `has more than ${MAX_ROW_LENGTH} characters`);
    }
  }
  yield take(begun.split(LINE_END));
}
