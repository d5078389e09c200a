import { toTable } from '../measure.ts';
import type { ProductionShop } from '../production/open-production-shop.ts';
import { cpuBetween, readCpu } from '../production/process-cpu.ts';

/** Milliseconds of CPU in a second, by process; `client` is the process that sends the requests. */
export type CpuRate = Readonly<Record<string, number>>;

/** The shortest time that is shown, of 1,000 ms of a core in a second. */
const LEAST_MS = 10;

/** @returns what `work` returns, and the CPU that the shop and the client used meanwhile */
export const rateCpu = async <Result>(
  shop: ProductionShop,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly cpu: CpuRate }> => {
  const startedAt = performance.now();
  const before = { shop: readCpu(shop, shop.pids), client: process.cpuUsage() };
  const result = await work();
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(before.client);
  const used = cpuBetween(before.shop, readCpu(shop, shop.pids));
  const all = { ...used, client: (user + system) / 1000 };
  const cpu = Object.fromEntries(Object.entries(all).map(([name, ms]) => [name, ms / seconds]));
  return { result, cpu };
};

/** What the router used for each response at the peak, and for each rejection beside such responses. */
export const costOfRejection = (
  peak: { readonly perSecond: number; readonly cpu: CpuRate },
  load: { readonly answered: number; readonly rejected: number; readonly cpu: CpuRate },
): { readonly responseMs: number; readonly rejectionMs: number } => {
  const responseMs = (peak.cpu['router'] ?? Number.NaN) / peak.perSecond;
  const rest = (load.cpu['router'] ?? Number.NaN) - load.answered * responseMs;
  return { responseMs, rejectionMs: rest / load.rejected };
};

/** A table of the processes that used most, of several loads. */
export const tableOfCpu = (loads: readonly (readonly [name: string, cpu: CpuRate])[]): string => {
  const names = [...new Set(loads.flatMap(([, cpu]) => Object.keys(cpu)))].filter((name) =>
    loads.some(([, cpu]) => (cpu[name] ?? 0) >= LEAST_MS),
  );
  return toTable([
    ['CPU ms per s', ...names],
    ...loads.map(([load, cpu]) => [load, ...names.map((name) => (cpu[name] ?? 0).toFixed(0))]),
  ]);
};
