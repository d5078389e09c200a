/** Probes and scrapes are not traced: their spans would outnumber all others. */
const UNTRACED = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * The query string of a long poll. Long polls are not traced or measured, because they would count as
 * slow requests.
 */
export const LONG_POLL_QUERY = '?long-poll';

/**
 * Whether a request is neither traced nor measured.
 * @param servesLongPolls whether this process serves long polls. Elsewhere a client could hide
 * requests as such
 */
export const isUntraced = (url: string, servesLongPolls: boolean): boolean =>
  UNTRACED.has(url) || (servesLongPolls && url.endsWith(LONG_POLL_QUERY));
