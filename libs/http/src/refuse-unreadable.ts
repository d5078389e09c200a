import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from '@cartograph/logging';
import { RequestError, type RefusalCode } from './request-error.ts';

/** The response to a request that could not be parsed: content type, text, and further headers. */
export type ErrorFormat = (refusal: RequestError) => {
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** An error of a connection in Node's server: its code is the parser's or the server's. */
const CODES: Readonly<Record<string, RefusalCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'HEADERS_TOO_LARGE',
};

/** Node stores the response of the current request here; a second one must not follow it. */
type ServedSocket = Socket & { readonly _httpMessage?: ServerResponse | null };

/**
 * Makes the handler of what the parser or a time limit ends before there is a request: too slow, too
 * many bytes of headers, or invalid HTTP. It responds and closes the connection: its further bytes
 * cannot be trusted.
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
      const { contentType, body, headers = {} } = format(refusal);
      const lines = [
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
        // RFC 9110, section 6.6.1: a server with a clock sends it with 4xx.
        `Date: ${new Date().toUTCString()}`,
        `Content-Type: ${contentType}`,
        `Content-Length: ${Buffer.byteLength(body)}`,
        'Cache-Control: no-store',
        `X-Request-Id: ${requestId}`,
        'Connection: close',
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      ];
      socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
    }
    // After the response was written.
    socket.destroySoon();
  };
