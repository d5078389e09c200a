const BACKSLASH = 0x5c;
const QUOTE = 0x22;

/** What stands before each value but the first: `,` `:` `[` `{`. */
const isSeparator = (char: number): boolean =>
  char === 0x2c || char === 0x3a || char === 0x5b || char === 0x7b;

/**
 * Tells whether a text of JSON holds more than `max` separators, names and values taken together.
 * Building an object of 100,000 different names takes ten times as long as reading them does here.
 */
export const isCrowdedJson = (json: string, max: number): boolean => {
  let isText = false;
  let count = 0;
  for (let index = 0; index < json.length; index += 1) {
    const char = json.charCodeAt(index);
    if (isText) {
      if (char === BACKSLASH) index += 1;
      else if (char === QUOTE) isText = false;
    } else if (char === QUOTE) {
      isText = true;
    } else if (isSeparator(char)) {
      count += 1;
      if (count > max) return true;
    }
  }
  return false;
};
