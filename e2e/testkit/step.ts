import { AsyncLocalStorage } from 'node:async_hooks';
import { record } from './record.ts';

const current = new AsyncLocalStorage<string>();

/** The name of the step that runs; null outside of steps. */
export const currentStep = (): string | null => current.getStore() ?? null;

/**
 * Runs a step of a story. The report shows its name, its duration and the traces of its requests.
 * @param name unique in its test
 */
export const step = <Value>(name: string, work: () => Promise<Value>): Promise<Value> =>
  current.run(name, async () => {
    const begun = performance.now();
    let failed = true;
    try {
      const value = await work();
      failed = false;
      return value;
    } finally {
      record({ kind: 'step', name, ms: performance.now() - begun, failed });
    }
  });
