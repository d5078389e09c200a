/**
 * Waits until `check` stops throwing, looking again every 25 ms.
 * @param timeoutMs after which its last error is thrown
 */
export const eventually = async <Value>(
  check: () => Promise<Value> | Value,
  timeoutMs = 30_000,
): Promise<Value> => {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
};
