import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { negotiate } from '@fastify/accept-negotiator';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** A smaller body is sent in as many packets without it. */
const MIN_BYTES = 1_024;

/** Between speed and size: the default of Brotli takes ten times as long, for files compressed once. */
const BROTLI_QUALITY = 4;

const CODINGS = ['br', 'gzip'] as const;

type Coding = (typeof CODINGS)[number];

const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);

const compressors: Readonly<Record<Coding, (body: Buffer) => Promise<Buffer>>> = {
  br: (body) =>
    compressBrotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
  gzip: (body) => compressGzip(body),
};

/** A stored page is one buffer for all clients: it is compressed once for each coding. */
const compressed = new WeakMap<Buffer, Map<Coding, Promise<Buffer>>>();

const compress = (body: Buffer, coding: Coding): Promise<Buffer> => {
  const known = compressed.get(body) ?? new Map<Coding, Promise<Buffer>>();
  compressed.set(body, known);
  const result = known.get(coding) ?? compressors[coding](body);
  known.set(coding, result);
  return result;
};

/** JSON, problems and pages. Files of the documentation are streams, and are not compressed. */
const COMPRESSIBLE = /^(?:application\/(?:[\w.-]+\+)?json|text\/html)\b/;

const addVary = (reply: FastifyReply): void => {
  const vary = reply.getHeader('vary');
  reply.header('vary', vary === undefined ? 'Accept-Encoding' : `${String(vary)}, Accept-Encoding`);
};

/**
 * Compresses bodies of a kilobyte and more for clients that ask for it. A compressed body is another
 * representation (RFC 9110, section 8.8.3.3): its strong entity tag ends with the coding. `isNotModified`
 * and `readIfMatch` know these tags.
 */
export const compressResponses = (app: FastifyInstance): void => {
  app.addHook('onSend', async (request, reply, payload) => {
    if (!COMPRESSIBLE.test(String(reply.getHeader('content-type') ?? ''))) {
      if (reply.statusCode === 304) addVary(reply);
      return payload;
    }
    addVary(reply);
    const isText = typeof payload === 'string';
    if (!isText && !Buffer.isBuffer(payload)) return payload;
    const accepted = request.headers['accept-encoding'];
    const body = isText ? Buffer.from(payload) : payload;
    if (accepted === undefined || body.length < MIN_BYTES) return payload;
    const coding = negotiate(String(accepted), [...CODINGS]);
    if (coding === null) return payload;
    const etag = reply.getHeader('etag');
    if (etag !== undefined) reply.header('etag', String(etag).replace(/"$/, `-${coding}"`));
    reply.header('content-encoding', coding).removeHeader('content-length');
    return compress(body, coding);
  });
};
