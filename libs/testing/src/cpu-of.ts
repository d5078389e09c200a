/**
 * Measures the CPU time of this process, in milliseconds, while `run` is under way: the least of
 * several runs, since the process does other work too. Wall-clock time would need a quiet machine.
 */
export const cpuOf = async (run: () => unknown, times = 5): Promise<number> => {
  let least = Infinity;
  for (let index = 0; index < times; index += 1) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
};
