import { isNotModified, type CacheHeaders } from '@cartograph/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { selectCoding } from './select-coding.ts';

/** A response that may be cached: its headers, and its body before it is compressed. */
type Cacheable = CacheHeaders & { readonly body: Buffer | string };

/**
 * Sets the headers of a response that may be cached. A compressed body is another representation (RFC 9110,
 * section 8.8.3.3): its strong entity tag ends with the coding. `readIfMatch` knows these tags. Of the
 * client's copies only one of the representation that this request selects is current: RFC 9110,
 * section 13.1.2.
 * @param cacheable whose entity tag is without a coding
 * @returns true when the client has this response already: the status is then 304
 */
export const hasCurrentCopy = (
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { body, etag, ...others }: Cacheable,
): boolean => {
  const coding = selectCoding(headers['accept-encoding'], Buffer.byteLength(body));
  const selected = coding === null ? etag : etag.replace(/"$/, `-${coding}"`);
  return isNotModified(headers['if-none-match'], reply, { ...others, etag: selected });
};
