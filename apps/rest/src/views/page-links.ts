/** The cursors of a page, by their query parameter. */
type Cursors = { readonly next_cursor: string | null; readonly prev_cursor?: string | null };

const PARAMETERS = ['cursor', 'before'] as const;

/** The URL of another page: the same query, with this cursor in place of its own. */
const makeUrl = (url: string, parameter: (typeof PARAMETERS)[number], cursor: string): string => {
  // Only the first question mark ends the path: RFC 3986, section 3.4.
  const path = url.split('?', 1)[0] ?? '';
  const parameters = new URLSearchParams(url.slice(path.length));
  for (const name of PARAMETERS) parameters.delete(name);
  parameters.set(parameter, cursor);
  return `${path}?${parameters.toString()}`;
};

/**
 * The `Link` header of a page (RFC 8288), with the pages before and after it.
 * @param url the path and query of the request
 * @returns undefined when there is no other page
 */
export const makePageLinks = (url: string, page: Cursors): string | undefined => {
  const { next_cursor: next, prev_cursor: previous = null } = page;
  const links = [
    ...(next === null ? [] : [`<${makeUrl(url, 'cursor', next)}>; rel="next"`]),
    ...(previous === null ? [] : [`<${makeUrl(url, 'before', previous)}>; rel="prev"`]),
  ];
  return links.length === 0 ? undefined : links.join(', ');
};
