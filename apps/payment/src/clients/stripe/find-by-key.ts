/** The metadata field that holds the idempotency key of a charge or a refund. */
export const KEY = 'key';

/**
 * Reads a list of Stripe, page by page, for the object with this idempotency key.
 * @param timeoutMs the timeout of the whole list: after it no other page is requested
 * @returns null when the list ends without it
 * @throws when the list is too long: the object may be on one of the next pages
 */
export const findByKey = async <
  Item extends { readonly metadata: Readonly<Record<string, string>> | null },
>(
  list: AsyncIterable<Item>,
  key: string,
  timeoutMs: number,
): Promise<Item | null> => {
  const endsAt = performance.now() + timeoutMs;
  for await (const item of list) {
    if (item.metadata?.[KEY] === key) return item;
    // The caller's own timeout would not end this loop.
    if (performance.now() >= endsAt)
      throw new Error('a list of Stripe is too long to be read in time');
  }
  return null;
};
