import {
  BrokenFile,
  LINE_END,
  MAX_EXCERPT,
  MAX_ROW_LENGTH,
  type SourceRow,
  type SourceRows,
} from './source-row.ts';

/** In Node 24, as is the `context` of a reviver; not yet in TypeScript's library. */
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => object };

/** A number of a JSON text that a JavaScript number would change: 9.990, or 90071992547409.93. */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** The text as it was read. */
  toJSON(): object {
    return rawJSON(this.text);
  }
}

const exactly = (_key: string, value: unknown, context: { source?: string }): unknown => {
  if (typeof value !== 'number') return value;
  const text = context.source ?? String(value);
  return String(value) === text ? value : new ExactNumber(text);
};

/** JSON.parse without loss of digits. @throws the fault, for people */
export const parseExactly = (text: string): unknown => {
  try {
    return JSON.parse(text, exactly as (key: string, value: unknown) => unknown) as unknown;
  } catch (error) {
    throw new Error(error instanceof SyntaxError ? 'is not JSON' : 'is nested too deeply', {
      cause: error,
    });
  }
};

/**
 * Reads JSON Lines. Each line is parsed separately, so that a broken one is one faulty row.
 * @throws BrokenFile at a line that is too long
 */
export async function* readJsonLines(chunks: AsyncIterable<string>): SourceRows {
  let line = 0;
  let rest = '';
  const readRow = (text: string): SourceRow[] => {
    line += 1;
    if (text.trim() === '') return [];
    try {
      return [{ line, value: parseExactly(text) }];
    } catch (error) {
      return [{ line, value: text.slice(0, MAX_EXCERPT), fault: (error as Error).message }];
    }
  };
  for await (const chunk of chunks) {
    const text = rest + chunk;
    // The LF of a CR at the end may follow in the next chunk.
    const end = text.endsWith('\r') ? text.length - 1 : text.length;
    const lines = text.slice(0, end).split(LINE_END);
    rest = (lines.pop() ?? '') + text.slice(end);
    yield lines.flatMap(readRow);
    if (rest.length > MAX_ROW_LENGTH) {
      throw new BrokenFile(line + 1, `has more than ${MAX_ROW_LENGTH} characters`);
    }
  }
  yield rest.split(LINE_END).flatMap(readRow);
}

/** Where in the array the scanner is. */
type Place = 'start' | 'before the first' | 'before an element' | 'inside' | 'after' | 'end';

const SPACE = /\s/;

/** Cuts a JSON array into its elements. JSON.parse then checks what is inside of each. */
const makeArrayScanner = () => {
  let rows: SourceRow[] = [];
  let place: Place = 'start';
  let [line, elementLine, depth] = [1, 1, 0];
  let [inText, isEscaped, isAfterReturn] = [false, false, false];
  let begun = '';

  const finish = (text: string): void => {
    begun = '';
    place = 'after';
    try {
      rows.push({ line: elementLine, value: parseExactly(text) });
    } catch (error) {
      const isSyntax = (error as Error).cause instanceof SyntaxError;
      throw new BrokenFile(isSyntax ? line : elementLine, (error as Error).message);
    }
  };

  /** Reads a character outside of the elements, or the first one of an element. */
  const step = (char: string): void => {
    if (SPACE.test(char)) return;
    if (place === 'start') {
      if (char !== '[') {
        throw new BrokenFile(line, 'must be an array; for one object a line say --format jsonl');
      }
      place = 'before the first';
    } else if (char === ']' && (place === 'after' || place === 'before the first')) {
      place = 'end';
    } else if (char === ',' && place === 'after') {
      place = 'before an element';
    } else if (place === 'after' || place === 'end' || /[\]},]/.test(char)) {
      throw new BrokenFile(line, 'is not JSON');
    } else {
      place = 'inside';
      elementLine = line;
    }
  };

  /** Reads a character of an element. @returns where the element ends */
  const stepInside = (char: string): 'later' | 'before' | 'here' => {
    if (inText) {
      if (isEscaped) isEscaped = false;
      else if (char === '\\') isEscaped = true;
      else if (char === '"') inText = false;
    } else if (char === '"') inText = true;
    else if (char === '{' || char === '[') depth += 1;
    else if (depth > 0 && (char === '}' || char === ']')) {
      depth -= 1;
      if (depth === 0) return 'here';
    } else if (depth === 0 && (char === ',' || char === ']' || SPACE.test(char))) return 'before';
    return 'later';
  };

  return {
    /** Removes and returns the complete elements. */
    takeRows: (): readonly SourceRow[] => {
      const taken = rows;
      rows = [];
      return taken;
    },
    write: (text: string): void => {
      let from = 0;
      for (let at = 0; at < text.length; at += 1) {
        const char = text.charAt(at);
        if (place !== 'inside') {
          step(char);
          from = at;
        }
        if (place === 'inside') {
          const end = stepInside(char);
          if (end !== 'later') finish(begun + text.slice(from, end === 'here' ? at + 1 : at));
          if (end === 'before') step(char);
        }
        if (char === '\r' || (char === '\n' && !isAfterReturn)) line += 1;
        isAfterReturn = char === '\r';
      }
      if (place !== 'inside') return;
      begun += text.slice(from);
      if (begun.length > MAX_ROW_LENGTH) {
        throw new BrokenFile(elementLine, `has more than ${MAX_ROW_LENGTH} characters`);
      }
    },
    end: (): void => {
      if (place === 'end' || (place === 'start' && line === 1)) return;
      throw new BrokenFile(line, 'ends before its JSON does');
    },
  };
};

/**
 * Reads the elements of a JSON array while it arrives: memory for one element, not for the file.
 * Known stream parsers change values (half of a surrogate pair, 9.990).
 * @throws BrokenFile at the first syntax error, after the elements before it
 */
export async function* readJson(chunks: AsyncIterable<string>): SourceRows {
  const scanner = makeArrayScanner();
  for await (const chunk of chunks) {
    try {
      scanner.write(chunk);
    } finally {
      yield scanner.takeRows();
    }
  }
  scanner.end();
}
