/**
 * Headers that every request may have, as parameters of the document: the HTTP server reads them before any
 * route does. They have no `example`, with which the page of the documentation would fill its forms: all
 * requests from there would have one id, and one trace.
 */
export const REQUEST_HEADERS = {
  RequestId: {
    name: 'X-Request-Id',
    in: 'header',
    required: false,
    description:
      'An id of the request that the client makes, for the logs of both: the response has it, too. Any ' +
      'other value is ignored, and the request gets an id of its own.',
    schema: { type: 'string', maxLength: 128, pattern: '^[A-Za-z0-9_.:-]{1,128}$' },
  },
  Traceparent: {
    name: 'traceparent',
    in: 'header',
    required: false,
    description:
      'The trace of which the request is a part: W3C Trace Context, section 3.2. `trace_id` of a problem ' +
      'is then its trace id. Ignored are any other value, the version `ff`, and ids of zeros only.',
    schema: {
      type: 'string',
      pattern: '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-[!-~]*)?$',
    },
  },
} as const;
