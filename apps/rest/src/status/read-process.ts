import { readMetrics, type Metrics } from './read-metrics.ts';

/** A process of the shop, and the origin of its private port. */
export type StatusTarget = { readonly name: string; readonly origin: string };

/** What a process said of itself. */
export type ProcessReading = {
  /** As its `/readyz` has it, or `no answer`. */
  readonly state: 'ready' | 'not ready' | 'draining' | 'no answer';
  readonly failingChecks: readonly string[];
  /** Null without an answer. */
  readonly metrics: Metrics | null;
};

/** Longer than the checks of `/readyz` take, which end after 2 s. */
const TIMEOUT_MS = 3_000;

/** A process exports about 100 kB. */
const MAX_BYTES = 4 * 1024 * 1024;

const STATES: ReadonlySet<string> = new Set(['ready', 'not ready', 'draining']);

const MAX_CHECKS = 20;

/** @throws when there is no response in time, or one that is too large */
const fetchText = async (url: string): Promise<{ readonly ok: boolean; readonly text: string }> => {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
    redirect: 'error',
  });
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > MAX_BYTES) throw new Error(`${url} answered more than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  return { ok: response.ok, text: Buffer.concat(parts).toString('utf8') };
};

/** @throws SyntaxError when it is no JSON */
const readReadiness = (text: string): Pick<ProcessReading, 'state' | 'failingChecks'> => {
  const { status, checks } = JSON.parse(text) as {
    readonly status?: string;
    readonly checks?: Readonly<Record<string, string>>;
  };
  return {
    state: STATES.has(status ?? '') ? (status as ProcessReading['state']) : 'not ready',
    failingChecks: Object.entries(checks ?? {})
      .filter(([, result]) => result !== 'ok')
      .map(([name]) => name)
      .slice(0, MAX_CHECKS),
  };
};

const NO_ANSWER: ProcessReading = { state: 'no answer', failingChecks: [], metrics: null };

/** Reads `/readyz` and `/metrics` of a process. It never throws: a process may be down. */
export const readProcess = async ({ origin }: StatusTarget): Promise<ProcessReading> => {
  try {
    const [readiness, metrics] = await Promise.all([
      fetchText(`${origin}/readyz`),
      fetchText(`${origin}/metrics`),
    ]);
    if (!metrics.ok) return NO_ANSWER;
    return { ...readReadiness(readiness.text), metrics: readMetrics(metrics.text) };
  } catch {
    return NO_ANSWER;
  }
};
