import { parseExactly } from './exact-number.ts';
import { BrokenFile, MAX_ROW_LENGTH, type SourceRow, type SourceRows } from './source-row.ts';

/** Where in the array the reader is. */
type Place =
  'before the array' | 'before an element' | 'in an element' | 'after one' | 'at the end';

const SPACE = /\s/;
const OPENING = new Set(['{', '[']);
const CLOSING = new Set(['}', ']']);

/** Says, character by character, where an element ends. What is in it is for JSON.parse to judge. */
const makeElement = (first: string) => {
  let depth = 0;
  let inText = false;
  let isEscaped = false;
  const isNested = OPENING.has(first);
  return {
    /** @returns whether the element ends before this character, or with it */
    take: (char: string): 'goes on' | 'ends before' | 'ends with' => {
      if (inText) {
        if (isEscaped) isEscaped = false;
        else if (char === '\\') isEscaped = true;
        else if (char === '"') inText = false;
        return 'goes on';
      }
      if (char === '"') inText = true;
      else if (OPENING.has(char)) depth += 1;
      else if (CLOSING.has(char) && depth > 0) {
        depth -= 1;
        if (depth === 0 && isNested) return 'ends with';
      } else if (depth === 0 && (char === ',' || char === ']' || SPACE.test(char))) {
        return 'ends before';
      }
      return 'goes on';
    },
  };
};

/** Cuts a JSON array into its elements, each of which is then read as a text of its own. */
const makeArrayReader = () => {
  let rows: SourceRow[] = [];
  let place: Place = 'before the array';
  let line = 1;
  let rowLine = 1;
  let begun = '';
  let isAfterReturn = false;
  let element = makeElement('');
  let isFirst = true;

  const notJson = () => new BrokenFile(line, 'is not JSON');

  const finish = (text: string): void => {
    try {
      rows.push({ line: rowLine, value: parseExactly(text) });
    } catch (error) {
      if (error instanceof SyntaxError) throw notJson();
      throw new BrokenFile(rowLine, 'is nested too deeply');
    }
    begun = '';
    isFirst = false;
    place = 'after one';
  };

  /** Acts on a character between elements. @returns whether an element begins with it */
  const step = (char: string): boolean => {
    if (SPACE.test(char)) return false;
    if (place === 'before the array') {
      if (char !== '[') {
        throw new BrokenFile(line, 'must be an array; for one object a line say --format jsonl');
      }
      place = 'before an element';
    } else if (char === ']' && (place === 'after one' || (place !== 'at the end' && isFirst))) {
      place = 'at the end';
    } else if (char === ',' && place === 'after one') {
      place = 'before an element';
    } else if (place === 'before an element' && !CLOSING.has(char) && char !== ',') {
      place = 'in an element';
      rowLine = line;
      element = makeElement(char);
      return true;
    } else {
      throw notJson();
    }
    return false;
  };

  return {
    /** The elements that are whole, once each. */
    takeRows: () => {
      const taken = rows;
      rows = [];
      return taken;
    },
    write: (text: string) => {
      let from = 0;
      for (let at = 0; at < text.length; at += 1) {
        const char = text.charAt(at);
        if (place !== 'in an element' && step(char)) from = at;
        if (place === 'in an element') {
          const taken = element.take(char);
          if (taken === 'ends with') finish(begun + text.slice(from, at + 1));
          if (taken === 'ends before') {
            finish(begun + text.slice(from, at));
            step(char);
          }
        }
        if (char === '\r' || (char === '\n' && !isAfterReturn)) line += 1;
        isAfterReturn = char === '\r';
      }
      if (place !== 'in an element') return;
      begun += text.slice(from);
      if (begun.length > MAX_ROW_LENGTH) {
        throw new BrokenFile(rowLine, `has more than ${MAX_ROW_LENGTH} characters`);
      }
    },
    end: () => {
      if (place !== 'at the end' && !(place === 'before the array' && line === 1)) {
        throw new BrokenFile(line, 'ends before its JSON does');
      }
    },
  };
};

/**
 * Reads the elements of a JSON array while it comes in: memory for one element, not for the file.
 * The parsers of streams that there are change what they read (half of a character, 9.990).
 * @throws BrokenFile at the first fault of syntax; the elements before it are given out first
 */
export async function* readJson(chunks: AsyncIterable<string>): SourceRows {
  const reader = makeArrayReader();
  for await (const chunk of chunks) {
    try {
      reader.write(chunk);
    } catch (error) {
      yield reader.takeRows();
      throw error;
    }
    yield reader.takeRows();
  }
  reader.end();
}
