import { validate } from 'uuid';
import type { CursorCodec } from './page.ts';

const PREFIX = 'v1:';

const encode = (id: string): string => Buffer.from(PREFIX + id).toString('base64url');

/**
 * Cursors of lists that are ordered by id alone. Ids are UUIDv7 (RFC 9562, section 5.7), so that
 * is the order of creation.
 */
export const idCursors: CursorCodec<string> = {
  encode,
  decode: (cursor) => {
    const text = Buffer.from(cursor, 'base64url').toString();
    const id = text.slice(PREFIX.length);
    // Base64 has many ways to write one text; only ours is a cursor.
    return validate(id) && encode(id) === cursor ? id : null;
  },
};
