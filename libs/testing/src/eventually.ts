/**
 * Waits until `check` stops throwing.
 * @param timeoutMs after which its last error is thrown
 * @param everyMs between two checks
 */
export const eventually = async <Value>(
  check: () => Promise<Value> | Value,
  timeoutMs = 60_000,
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

/**
 * Waits as `eventually` does, with fewer checks: each one is a request through several processes, or
 * reads all processes of the machine.
 */
export const eventuallyInShop = <Value>(
  check: () => Promise<Value> | Value,
  timeoutMs?: number,
): Promise<Value> => eventually(check, timeoutMs, 150);
