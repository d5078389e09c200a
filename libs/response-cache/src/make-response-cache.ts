import { currentSignal, orAborted } from '@cartograph/resilience';
import { metrics } from '@opentelemetry/api';
import { LRUCache } from 'lru-cache';
import type { CacheLimits } from './cache-config.ts';
import type { SharedResponses } from './make-shared-responses.ts';
import { startExecution, type Execution } from './shared-execution.ts';

/** A response, and how many milliseconds before the request its execution began; 0 if it was executed for it. */
export type Answer<Response> = { readonly response: Response; readonly ageMs: number };

/** Responses that are the same for everyone. The key names all that a response depends on. */
export type ResponseCache<Response> = {
  /** The response that is stored for this key and still fresh, or null. */
  readonly find: (key: string) => Answer<Response> | null;
  /**
   * As `find`, for a response that another replica stored. Call it when `find` found nothing. It does
   * not wait longer than a small time limit, and never fails.
   */
  readonly findShared: (key: string) => Promise<Answer<Response> | null>;
  /** Whether the last response to this key was public, so that the next may come from another request's execution. */
  readonly mayShare: (key: string) => boolean;
  /**
   * Finds the response, or executes the request. Requests whose last response was public wait for one
   * execution. It has no request's deadline or cancellation: each waits as long as its own bounds
   * allow, and then executes by itself, which ends as these bounds say. Call it when `find` and
   * `findShared` found nothing.
   * @throws what `execute` throws
   */
  readonly respond: (key: string, execute: () => Promise<Response>) => Promise<Answer<Response>>;
};

/** How responses are shared with other replicas: as text. */
export type Sharing<Response> = {
  readonly responses: SharedResponses;
  readonly toText: (response: Response) => string;
  /** @returns null for a text that `toText` did not make */
  readonly fromText: (text: string) => Response | null;
};

/** How a kind of response is cached. */
export type ResponseCacheOptions<Response> = {
  readonly limits: CacheLimits;
  /**
   * For how many milliseconds everyone may be sent this response, from the start of its execution;
   * 0 when only its own client may.
   */
  readonly freshMsOf: (response: Response) => number;
  readonly bytesOf: (response: Response) => number;
  /** How long an execution that several requests wait for may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Without it, each process has its own responses. */
  readonly sharing?: Sharing<Response> | null;
};

type Entry<Response> = {
  readonly response: Response;
  readonly startedAt: number;
  readonly freshUntil: number;
};

/** One response takes at most this part of the bytes of all. */
const LARGEST_PART = 16;

/** What an entry costs beside its key and its response. */
const ENTRY_BYTES = 256;

/** Where a response came from, as an attribute of the metric. */
const RESULTS = ['memory', 'shared', 'joined', 'miss'] as const;

/** Counts requests whose response may be cached. */
const makeLookupCounter = () => {
  const lookups = metrics
    .getMeter('cartograph.response-cache')
    .createCounter('shop.response_cache.lookup', {
      description: 'Requests whose response may be cached, by where it came from.',
    });
  for (const result of RESULTS) lookups.add(0, { result });
  return (result: (typeof RESULTS)[number]): void => lookups.add(1, { result });
};

/** A character of a key may take two bytes. */
const KEY_CHARACTER_BYTES = 2;

/**
 * Makes a cache of public responses in memory. The least recently used entry makes room for a new one.
 * An entry that is no longer fresh stays until then: it shows that the response to its key was public,
 * so that identical requests may share one execution. Other requests are never joined.
 */
export const makeResponseCache = <Response extends object>({
  limits,
  freshMsOf,
  bytesOf,
  timeoutMs,
  sharing = null,
}: ResponseCacheOptions<Response>): ResponseCache<Response> => {
  const entries = new LRUCache<string, Entry<Response>>({
    max: limits.entries,
    maxSize: limits.bytes,
    maxEntrySize: Math.ceil(limits.bytes / LARGEST_PART),
    sizeCalculation: ({ response }, key) =>
      ENTRY_BYTES + KEY_CHARACTER_BYTES * key.length + bytesOf(response),
  });
  const executions = new Map<string, Execution<Response | null>>();
  const searches = new Map<string, Promise<void>>();
  const count = makeLookupCounter();

  /** Stores an entry in memory, unless one is stored that began later. */
  const keep = (key: string, entry: Entry<Response>): void => {
    const known = entries.peek(key);
    if (!known || known.startedAt <= entry.startedAt) entries.set(key, entry);
  };

  /**
   * Stores a public response. Any other removes what is stored for its key, unless that began later.
   * @returns whether it is public
   */
  const store = (key: string, response: Response, startedAt: number): boolean => {
    const freshMs = Math.min(freshMsOf(response), limits.maxAgeMs);
    if (!(freshMs > 0)) {
      const known = entries.peek(key);
      if (known && known.startedAt <= startedAt && entries.delete(key))
        sharing?.responses.remove(key);
      return false;
    }
    keep(key, { response, startedAt, freshUntil: startedAt + freshMs });
    sharing?.responses.store(key, sharing.toText(response), freshMs, startedAt);
    return true;
  };

  const find = (key: string): Answer<Response> | null => {
    const entry = entries.get(key);
    const now = performance.now();
    return entry && now < entry.freshUntil
      ? { response: entry.response, ageMs: now - entry.startedAt }
      : null;
  };

  /** Puts into memory what another replica stored. */
  const search = async (key: string, { responses, fromText }: Sharing<Response>) => {
    const found = await responses.find(key);
    const response = found && fromText(found.text);
    if (!response) return;
    const { startedAt } = found;
    // Another replica may have a longer limit.
    const freshUntil = Math.min(found.freshUntil, startedAt + limits.maxAgeMs);
    keep(key, { response, startedAt, freshUntil });
  };

  /** Identical requests share one search. */
  const searchOnce = (key: string, from: Sharing<Response>): Promise<void> => {
    const running = searches.get(key);
    if (running) return running;
    const started = search(key, from).finally(() => searches.delete(key));
    searches.set(key, started);
    return started;
  };

  const executeAlone = async (key: string, execute: () => Promise<Response>) => {
    const startedAt = performance.now();
    const response = await execute();
    store(key, response, startedAt);
    return { response, ageMs: 0 };
  };

  const findOrStart = (key: string, execute: () => Promise<Response>) => {
    const running = executions.get(key);
    const ageMs = running ? performance.now() - running.startedAt : 0;
    // What one reads that began long ago is too old for a request that begins now.
    if (running && ageMs < limits.maxAgeMs) {
      count('joined');
      return { execution: running, ageMs };
    }
    count('miss');
    const execution = startExecution(timeoutMs, async (startedAt) => {
      const response = await execute();
      return store(key, response, startedAt) ? response : null;
    });
    executions.set(key, execution);
    const forget = () => {
      if (executions.get(key) === execution) executions.delete(key);
    };
    execution.result.then(forget, forget);
    return { execution, ageMs: 0 };
  };

  /** Waits for a shared execution; null when there is no public response within its own bounds. */
  const join = async (key: string, execute: () => Promise<Response>) => {
    const { execution, ageMs } = findOrStart(key, execute);
    const leave = execution.enter();
    const signal = currentSignal();
    try {
      const response = await (signal ? orAborted(execution.result, signal) : execution.result);
      return response && { response, ageMs };
    } catch {
      // Executed alone, the request gets the error, or the end, that is its own.
      return null;
    } finally {
      leave();
    }
  };

  return {
    find: (key) => {
      const found = find(key);
      if (found) count('memory');
      return found;
    },
    findShared: async (key) => {
      if (!sharing || limits.maxAgeMs === 0) return null;
      await searchOnce(key, sharing);
      const found = find(key);
      if (found) count('shared');
      return found;
    },
    mayShare: (key) => entries.has(key),
    respond: async (key, execute) => {
      const isPublic = entries.has(key);
      if (!isPublic) count('miss');
      const shared = isPublic ? await join(key, execute) : null;
      return shared ?? executeAlone(key, execute);
    },
  };
};
