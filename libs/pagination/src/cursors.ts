import { argumentError } from '@cartograph/errors';
import { validate } from 'uuid';

/** Encodes a key as an opaque cursor. `decode` returns null for a text that `encode` did not make. */
export type CursorCodec<Key> = {
  readonly encode: (key: Key) => string;
  readonly decode: (cursor: string) => Key | null;
};

/**
 * Longer than any cursor of the shop. The longest is that of a product name: 200 characters of up to
 * six bytes each in JSON, and a third more in Base64.
 */
export const MAX_CURSOR_LENGTH = 4_000;

const ID_PREFIX = 'v1:';

/** The length of all id cursors: a UUID has 36 characters. */
const ID_CURSOR_LENGTH = Math.ceil(((ID_PREFIX.length + 36) * 4) / 3);

const encodeId = (id: string): string => Buffer.from(ID_PREFIX + id).toString('base64url');

/** Cursors of lists in order of their UUIDv7 (RFC 9562, section 5.7), which is order of creation. */
export const idCursors: CursorCodec<string> = {
  encode: encodeId,
  decode: (cursor) => {
    if (cursor.length !== ID_CURSOR_LENGTH) return null;
    const text = Buffer.from(cursor, 'base64url').toString();
    const id = text.slice(ID_PREFIX.length);
    // Base64 can encode a text in several ways; only the canonical one is a cursor.
    return validate(id) && encodeId(id) === cursor ? id : null;
  },
};

const parseJson = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return null;
  }
};

/**
 * Makes cursors of a list in order of several values. `decode` checks the length before it decodes,
 * then the name of the list, the key, and that the encoding is canonical.
 * @param list the name of the list; a cursor of one list is not valid for another
 * @param readKey returns null for values of a wrong type, or out of range of their column
 */
export const makeKeyCursors = <Key extends readonly unknown[]>(
  list: string,
  readKey: (values: readonly unknown[]) => Key | null,
): CursorCodec<Key> => {
  const encode = (key: Key): string =>
    Buffer.from(JSON.stringify([list, ...key])).toString('base64url');
  return {
    encode,
    decode: (cursor) => {
      if (cursor.length > MAX_CURSOR_LENGTH) return null;
      const values = parseJson(cursor);
      if (!Array.isArray(values) || values[0] !== list) return null;
      const key = readKey(values.slice(1));
      return key !== null && encode(key) === cursor ? key : null;
    },
  };
};

/**
 * Reads the argument `after` or `before`.
 * @throws ShopError BAD_USER_INPUT when it is not a cursor of this list
 */
export const readCursor = <Key>(
  argument: 'after' | 'before',
  cursor: string | null | undefined,
  cursors: CursorCodec<Key>,
): Key | null => {
  if (cursor === null || cursor === undefined) return null;
  const key = cursors.decode(cursor);
  if (key === null) {
    throw argumentError(argument, 'is not a cursor of this list');
  }
  return key;
};
