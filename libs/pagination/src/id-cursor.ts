import { validate } from 'uuid';
import type { CursorCodec } from './page.ts';

const PREFIX = 'v1:';

/**
 * Cursors of lists that are ordered by id alone. Ids are UUIDv7 (RFC 9562, section 5.7), so that
 * is the order of creation.
 */
export const idCursors: CursorCodec<string> = {
  encode: (id) => Buffer.from(PREFIX + id).toString('base64url'),
  decode: (cursor) => {
    const text = Buffer.from(cursor, 'base64url').toString();
    const id = text.slice(PREFIX.length);
    return text.startsWith(PREFIX) && validate(id) ? id : null;
  },
};
