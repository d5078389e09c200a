/** What pages and workers have, and servers do not. */
type Place = { readonly location?: { readonly href: string } };

const PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:']);

/**
 * The address of the graph, absolute: relative to that of the page where there is one.
 * @throws TypeError when there is no such address
 */
export const resolveUrl = (url: string): string => {
  const page = (globalThis as Place).location?.href;
  const resolved = URL.canParse(url, page) ? new URL(url, page) : null;
  if (!resolved || !PROTOCOLS.has(resolved.protocol)) {
    throw new TypeError(`url must be an HTTP address, or relative to that of the page: "${url}"`);
  }
  return resolved.href;
};
