import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from '@cartograph/logging';
import { RequestError, type RefusalCode } from './request-error.ts';

/** The answer to a request that never became one: its type and its text. */
export type ErrorFormat = (refusal: RequestError) => {
  readonly contentType: string;
  readonly body: string;
};

/** What Node's server says of a connection: its codes are the parser's and its own. */
const CODES: Readonly<Record<string, RefusalCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'HEADERS_TOO_LARGE',
};

/** Node keeps the response of the request under way here; a second one must not follow it. */
type ServedSocket = Socket & { readonly _httpMessage?: ServerResponse | null };

/**
 * Makes the answer to what the parser or a time limit ends before there is a request: too slow, too
 * many bytes of headers, or no HTTP. Then the connection is closed: what follows can't be trusted.
 */
export const makeUnreadableRefusal =
  (log: Logger, format: ErrorFormat) =>
  (error: NodeJS.ErrnoException, socket: ServedSocket): void => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    const refusal = new RequestError(CODES[error.code ?? ''] ?? 'MALFORMED_REQUEST');
    const { statusCode: status } = refusal;
    const requestId = randomUUID();
    log.info({ request_id: requestId, status, reason: error.code }, 'request refused unread');
    const hasBegun = socket._httpMessage?.headersSent === true;
    if (socket.writable && !hasBegun) {
      const { contentType, body } = format(refusal);
      const lines = [
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
        `Content-Type: ${contentType}`,
        `Content-Length: ${Buffer.byteLength(body)}`,
        'Cache-Control: no-store',
        `X-Request-Id: ${requestId}`,
        'Connection: close',
      ];
      socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
    }
    // Once what was written is on its way.
    socket.destroySoon();
  };
