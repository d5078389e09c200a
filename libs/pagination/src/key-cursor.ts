import { MAX_CURSOR_LENGTH, type CursorCodec } from './page.ts';

/**
 * Cursors of a list that is ordered by several values. What a client sends is checked whole: the
 * length, before anything is decoded, the name of the list, the shape of the key, and that it is
 * written as we write it.
 * @param list keeps a cursor of one order from being taken for another's
 * @param readKey gives null for values that are no key: of another type, or out of the range of the
 *   column that they are compared with
 */
export const makeKeyCursors = <Key extends readonly unknown[]>(
  list: string,
  readKey: (values: readonly unknown[]) => Key | null,
): CursorCodec<Key> => {
  const encode = (key: Key): string =>
    Buffer.from(JSON.stringify([list, ...key])).toString('base64url');
  const parse = (cursor: string): unknown => {
    try {
      return JSON.parse(Buffer.from(cursor, 'base64url').toString());
    } catch {
      return null; // no JSON is no cursor
    }
  };
  return {
    encode,
    decode: (cursor) => {
      if (cursor.length > MAX_CURSOR_LENGTH) return null;
      const values = parse(cursor);
      if (!Array.isArray(values) || values[0] !== list) return null;
      const key = readKey(values.slice(1));
      // Base64 and JSON have many ways to write one key; only ours is a cursor.
      return key !== null && encode(key) === cursor ? key : null;
    },
  };
};
