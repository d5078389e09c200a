/**
 * Waits until `check` stops throwing.
 * @param timeoutMs after which its last error is thrown
 * @param everyMs between two checks: longer for what costs a machine much, as a request to a whole
 * shop does
 */
export const eventually = async <Value>(
  check: () => Promise<Value> | Value,
  timeoutMs = 30_000,
  everyMs = 25,
): Promise<Value> => {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }
};
