/** What clients did that each send a request as soon as the one before is answered. */
export type ClosedLoop = {
  /** Of each piece of work, in milliseconds. */
  readonly latencies: readonly number[];
  readonly seconds: number;
};

/**
 * Runs `work` in so many clients at a time, for so many seconds, and until it was done so many times;
 * work that has begun is finished.
 * @throws the first error of a client, when all have ended
 */
export const runClosedLoop = async (options: {
  readonly clients: number;
  readonly seconds: number;
  readonly operations: number;
  readonly work: (client: number) => Promise<unknown>;
}): Promise<ClosedLoop> => {
  const latencies: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + options.seconds * 1000;
  const failures: unknown[] = [];
  const runClient = async (client: number): Promise<void> => {
    const isOver = () => performance.now() >= endsAt && latencies.length >= options.operations;
    while (!isOver() && failures.length === 0) {
      const begunAt = performance.now();
      await options.work(client);
      latencies.push(performance.now() - begunAt);
    }
  };
  await Promise.all(
    Array.from({ length: options.clients }, (_, client) =>
      runClient(client).catch((error: unknown) => void failures.push(error)),
    ),
  );
  if (failures.length > 0) throw failures[0];
  return { latencies, seconds: (performance.now() - startedAt) / 1000 };
};
