import { AsyncLocalStorage } from 'node:async_hooks';
import { appendFileSync } from 'node:fs';

/** A request, and how it was answered. */
export type RequestEntry = {
  readonly kind: 'request';
  /** The step that sent it; null outside of steps. */
  readonly step: string | null;
  readonly method: string;
  readonly path: string;
  /** 0 when there was no response. */
  readonly status: number;
  readonly ms: number;
  readonly traceId: string;
};

/** A step of a story that has ended. */
export type StepEntry = {
  readonly kind: 'step';
  readonly name: string;
  readonly ms: number;
  readonly failed: boolean;
};

/** Something that now exists in the shop. */
export type MadeEntry = {
  readonly kind: 'made';
  readonly what: 'account' | 'order' | 'product';
  readonly id: string;
};

export type Entry = RequestEntry | StepEntry | MadeEntry;

/** An entry, and the test that made it; the name is empty before the first test of a file. */
export type Line = Entry & { readonly file: string; readonly test: string };

type RunningTest = { readonly file: string; readonly test: string };

const running = new AsyncLocalStorage<RunningTest>();

/** Runs `work` as a part of a test. */
export const inTest = <Value>(test: RunningTest, work: () => Value): Value =>
  running.run(test, work);

/** The kit is used outside of tests, too. */
const NO_TEST: RunningTest = { file: '', test: '' };

/**
 * Notes what a test did, for the report and the clean-up of `npm run e2e`: one JSON line in the file
 * E2E_RECORD. Tests run in several processes, and lines that are appended do not mix. Without that
 * variable nothing is noted.
 */
export const record = (entry: Entry): void => {
  const file = process.env['E2E_RECORD'];
  if (file)
    appendFileSync(file, `${JSON.stringify({ ...(running.getStore() ?? NO_TEST), ...entry })}\n`);
};
