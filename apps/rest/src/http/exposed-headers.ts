/** What scripts of other origins may read. */
export const EXPOSED_HEADERS = [
  'Accept',
  'Accept-Encoding',
  'Accept-Patch',
  'Allow',
  'ETag',
  'Link',
  'Location',
  'RateLimit',
  'Retry-After',
  'WWW-Authenticate',
  'X-Request-Id',
];
