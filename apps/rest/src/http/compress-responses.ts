import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { selectCoding, type Coding } from './select-coding.ts';

/** Between speed and size: the default of Brotli takes ten times as long, for files compressed once. */
const BROTLI_QUALITY = 4;

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
 * Compresses bodies of a kilobyte and more for clients that ask for it. `hasCurrentCopy` has set the entity
 * tag of the compressed body.
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
    const coding = selectCoding(request.headers['accept-encoding'], Buffer.byteLength(payload));
    if (coding === null) return payload;
    reply.header('content-encoding', coding).removeHeader('content-length');
    return compress(isText ? Buffer.from(payload) : payload, coding);
  });
};
