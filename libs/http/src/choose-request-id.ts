import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The field of a log line with the id of its request. */
export const REQUEST_ID_FIELD = 'request_id';

/** A caller's request id: longer or other ones are replaced, since they go into the logs. */
const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** The id of a request: its caller's, or a new one. */
export const chooseRequestId = ({ headers }: IncomingMessage): string => {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
};
