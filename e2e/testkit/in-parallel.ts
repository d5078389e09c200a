/** How many pieces of work run at the same time: a shop limits its concurrent requests. */
const CONCURRENT = 8;

/** Does the work for each item, several at a time. The first error ends it. */
export const inParallel = async <Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<void> => {
  const left = items.values();
  const workOn = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: CONCURRENT }, workOn));
};
