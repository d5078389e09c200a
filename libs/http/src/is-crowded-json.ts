const BACKSLASH = 0x5c;
const QUOTE = 0x22;

const COLON = 0x3a;
const COMMA = 0x2c;

const isOpening = (char: number): boolean => char === 0x5b || char === 0x7b;
const isClosing = (char: number): boolean => char === 0x5d || char === 0x7d;

/**
 * Whether a JSON text has more than `max` separators (what comes before each value but the
 * first: `,` `:` `[` `{`), names and values taken together, or an object of more than `maxNames` names.
 * Parsing an object of 100,000 different names takes ten times as long as counting them here.
 */
export const isCrowdedJson = (json: string, max: number, maxNames: number = max): boolean => {
  let isText = false;
  let count = 0;
  let names = 0;
  /** The names, up to here, of the objects around. */
  const outer: number[] = [];
  for (let index = 0; index < json.length; index += 1) {
    const char = json.charCodeAt(index);
    if (isText) {
      if (char === BACKSLASH) index += 1;
      else if (char === QUOTE) isText = false;
    } else if (char === QUOTE) {
      isText = true;
    } else if (isClosing(char)) {
      names = outer.pop() ?? 0;
    } else if (isOpening(char) || char === COLON || char === COMMA) {
      count += 1;
      if (char === COLON) names += 1;
      if (count > max || names > maxNames) return true;
      if (isOpening(char)) {
        outer.push(names);
        names = 0;
      }
    }
  }
  return false;
};
