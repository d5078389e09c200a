import { validate } from 'uuid';
import type { CursorCodec } from './page.ts';

const PREFIX = 'v1:';

/** Every cursor is as long as every other: an id has 36 characters. */
const LENGTH = Math.ceil(((PREFIX.length + 36) * 4) / 3);

const encode = (id: string): string => Buffer.from(PREFIX + id).toString('base64url');

/**
 * Cursors of lists that are ordered by id alone. Ids are UUIDv7 (RFC 9562, section 5.7), so that
 * is the order of creation.
 */
export const idCursors: CursorCodec<string> = {
  encode,
  decode: (cursor) => {
    if (cursor.length !== LENGTH) return null;
    const text = Buffer.from(cursor, 'base64url').toString();
    const id = text.slice(PREFIX.length);
    // Base64 has many ways to write one text; only ours is a cursor.
    return validate(id) && encode(id) === cursor ? id : null;
  },
};
