import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { RequestError } from './request-error.ts';

/**
 * RFC 9110, section 7.2: a name or an address, and perhaps a port. RFC 3986, section 3.2.2, allows
 * more characters in names; no web host uses them.
 */
const HOST = /^(?:\[[0-9a-f:.]+\]|[\w.~-]+)(?::\d{0,5})?$/i;

/** No host name is longer (RFC 1035, section 2.3.4); a port makes six characters more. */
const MAX_HOST = 253 + 6;

/** Callers of a process use the same name for it: the last valid one. */
let knownHost = '';

const isHost = (text: string): boolean => {
  if (text === knownHost && text !== '') return true;
  const isValid = text.length <= MAX_HOST && HOST.test(text) && URL.canParse(`http://${text}/`);
  if (isValid) knownHost = text;
  return isValid;
};

/**
 * Characters of an Authorization header. An access token has 800; longer ones are refused unread,
 * because decoding and verifying take time with the length.
 */
export const MAX_AUTHORIZATION = 4_096;

/** Header lines as pairs of name and value, as received. */
const countLines = ({ rawHeaders }: IncomingMessage, name: string): number => {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const given = rawHeaders[index];
    if (given?.length === name.length && given.toLowerCase() === name) count += 1;
  }
  return count;
};

/** RFC 9112, section 3.2: a request has one Host, and an invalid one is answered with 400. */
const checkHost = (request: FastifyRequest): void => {
  const { host } = request.headers;
  const isMissing = host === undefined && request.raw.httpVersion === '1.0';
  const isOne = countLines(request.raw, 'host') <= 1;
  if (!isMissing && !(isOne && host !== undefined && isHost(host))) {
    throw new RequestError('MALFORMED_REQUEST', 'The Host header is missing or not valid.');
  }
};

/** What a trusted proxy says of the address that the client used. */
const checkForwarded = ({ host, protocol }: FastifyRequest): void => {
  if (host !== '' && !isHost(host)) {
    throw new RequestError('MALFORMED_REQUEST', 'The X-Forwarded-Host header is not valid.');
  }
  if (protocol !== 'http' && protocol !== 'https') {
    throw new RequestError('MALFORMED_REQUEST', 'The X-Forwarded-Proto header is not valid.');
  }
};

/**
 * Checks the head of a request: the number of headers, the length of the access token, and the host
 * that URLs are made from.
 * @throws RequestError
 */
export const checkRequestHead = (request: FastifyRequest, maxHeaders: number): void => {
  if (request.raw.rawHeaders.length / 2 > maxHeaders) {
    throw new RequestError('HEADERS_TOO_LARGE');
  }
  if ((request.headers.authorization?.length ?? 0) > MAX_AUTHORIZATION) {
    throw new RequestError('UNAUTHENTICATED');
  }
  checkHost(request);
  checkForwarded(request);
};
