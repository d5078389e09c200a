/** The response headers that the document describes. */
export const RESPONSE_HEADERS = {
  Accept: {
    description:
      'The media type that a body may have, if that of the body was refused: RFC 9110, section 12.5.1.',
    schema: { type: 'string' },
    example: 'application/json',
  },
  'Accept-Encoding': {
    description: 'How a body may be encoded, if its coding was refused: RFC 9110, section 12.5.3.',
    schema: { type: 'string' },
    example: 'identity',
  },
  'Accept-Patch': {
    description:
      'The media types that PATCH reads, if that of the body was refused: RFC 5789, section 3.1.',
    schema: { type: 'string' },
    example: 'application/json, application/merge-patch+json',
  },
  Age: {
    description: 'Seconds since the response was made: RFC 9111, section 5.1.',
    schema: { type: 'integer', minimum: 0 },
    example: 2,
  },
  'Cache-Control': {
    description: 'For how long a cache may store the response; `no-store` if it may not.',
    schema: { type: 'string' },
    example: 'max-age=5, public',
  },
  'Content-Encoding': {
    description: '`br` or `gzip`, if the request accepts it and the body has a kilobyte or more.',
    schema: { type: 'string', pattern: '^(?:br|gzip)$' },
    example: 'gzip',
  },
  ETag: {
    description: 'The version of the response. Send it as If-None-Match to ask for a newer one.',
    schema: { type: 'string', pattern: '^"[^"]+"$' },
    example: '"9xKq0c1Jm3Vw8sTzYb2LhA"',
  },
  Link: {
    description:
      'Related pages (RFC 8288). Of a list: `rel="next"` and `rel="prev"`, if there are any. Of a ' +
      'problem: `rel="help"`, which says what to do.',
    schema: { type: 'string' },
    example: '</v1/products?limit=20&cursor=eyJpIjoxfQ>; rel="next"',
  },
  Location: {
    description: 'The path of the new resource, or of the one that shows it.',
    schema: { type: 'string', format: 'uri-reference' },
    example: '/v1/orders/0197a3c2-0d4e-7a91-b6f2-9c8d7e6f5a4b',
  },
  RateLimit: {
    description:
      'What is left of the limit that the operation has, by its `operationId`, and the seconds until there ' +
      'is more: draft-ietf-httpapi-ratelimit-headers.',
    schema: { type: 'string' },
    example: '"login";r=0;t=60',
  },
  'RateLimit-Policy': {
    description:
      'How many attempts at the operation are allowed in how many seconds: ' +
      'draft-ietf-httpapi-ratelimit-headers. Not sent when too many were made at the same time.',
    schema: { type: 'string' },
    example: '"login";q=10;w=900',
  },
  'Retry-After': {
    description: 'Seconds until a repeat can succeed: RFC 9110, section 10.2.3.',
    schema: { type: 'integer', minimum: 0 },
    example: 1,
  },
  'WWW-Authenticate': {
    description:
      'The scheme of authentication: RFC 9110, section 11.6.1. `error="invalid_token"` says that the ' +
      'token of the request is not valid: RFC 6750, section 3.1.',
    schema: { type: 'string' },
    example: 'Bearer',
  },
  'X-Accel-Buffering': {
    description: '`no`: a proxy (nginx) must pass each event on at once.',
    schema: { type: 'string' },
    example: 'no',
  },
  'X-Request-Id': {
    description:
      'The id of the request in the logs. It is that of the request, if the client sent one of up ' +
      'to 128 letters, digits, dots, colons, hyphens and underscores.',
    required: true,
    schema: { type: 'string', pattern: '^[A-Za-z0-9_.:-]{1,128}$' },
    example: '4f0c1f7e-3d55-4a52-9a53-0a7d3f6f2b11',
  },
} as const;

/** The name of a response header that the document describes. */
export type ResponseHeader = keyof typeof RESPONSE_HEADERS;

/** The headers of a response as `@fastify/swagger` reads them; `finishDocument` describes them. */
export const headersOf = (
  names: readonly ResponseHeader[],
): Readonly<Partial<Record<ResponseHeader, object>>> =>
  Object.fromEntries(names.map((name) => [name, {}]));
