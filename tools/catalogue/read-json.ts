import { Tokenizer, TokenParser, TokenType } from '@streamparser/json';
import { readNumber } from './exact-number.ts';
import { BrokenFile, MAX_ROW_LENGTH, type SourceRow, type SourceRows } from './source-row.ts';

/** Gives out numbers as they were written; what it hands on becomes part of a row untouched. */
class ExactTokenizer extends Tokenizer {
  protected override parseNumber(text: string): number {
    return readNumber(text) as number;
  }
}

const OPENING: readonly TokenType[] = [TokenType.LEFT_BRACE, TokenType.LEFT_BRACKET];
const CLOSING: readonly TokenType[] = [TokenType.RIGHT_BRACE, TokenType.RIGHT_BRACKET];

/** Feeds lines of a JSON array to a parser, and collects its elements with their lines. */
const makeArrayReader = () => {
  const rows: SourceRow[] = [];
  let line = 1;
  let depth = 0;
  let rowLine = 1;
  let rowLength = 0;
  const tokenizer = new ExactTokenizer({ stringBufferSize: 64 * 1024, numberBufferSize: 64 });
  const parser = new TokenParser({ paths: ['$.*'], keepStack: false });
  tokenizer.onToken = (token) => {
    if (depth === 0 && token.token !== TokenType.LEFT_BRACKET) {
      throw new BrokenFile(line, 'must be an array; for one object a line say --format jsonl');
    }
    if (CLOSING.includes(token.token)) depth -= 1;
    else if (depth === 1 && token.token !== TokenType.COMMA) rowLine = line;
    if (OPENING.includes(token.token)) depth += 1;
    parser.write(token);
  };
  tokenizer.onEnd = () => {
    if (!parser.isEnded) parser.end();
  };
  parser.onEnd = () => {
    if (!tokenizer.isEnded) tokenizer.end();
  };
  parser.onValue = ({ value }) => {
    rows.push({ line: rowLine, value });
    rowLength = 0;
  };

  const broken = (error: unknown): unknown =>
    error instanceof BrokenFile ? error : new BrokenFile(line, 'is not JSON');

  return {
    /** The elements that are whole, once each. */
    takeRows: () => rows.splice(0),
    /** @param text no more than one line: within a JSON string there is no line end */
    write: (text: string) => {
      try {
        tokenizer.write(text);
      } catch (error) {
        throw broken(error);
      }
      rowLength += text.length;
      if (rowLength > MAX_ROW_LENGTH && depth > 0) {
        throw new BrokenFile(rowLine, `has more than ${MAX_ROW_LENGTH} characters`);
      }
      if (text.endsWith('\n')) line += 1;
    },
    end: () => {
      try {
        if (!tokenizer.isEnded) tokenizer.end();
      } catch {
        throw new BrokenFile(line, 'ends before its JSON does');
      }
    },
  };
};

/** A text in lines, with their ends. */
function* cutLines(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    const at = text.indexOf('\n', from);
    const to = at === -1 ? text.length : at + 1;
    yield text.slice(from, to);
    from = to;
  }
}

/**
 * Reads the elements of a JSON array while it comes in: memory for one element, not for the file.
 * @throws BrokenFile at the first fault of syntax; the elements before it are given out first
 */
export async function* readJson(chunks: AsyncIterable<string>): SourceRows {
  const reader = makeArrayReader();
  for await (const chunk of chunks) {
    try {
      for (const text of cutLines(chunk)) reader.write(text);
    } catch (error) {
      yield reader.takeRows();
      throw error;
    }
    yield reader.takeRows();
  }
  reader.end();
}
