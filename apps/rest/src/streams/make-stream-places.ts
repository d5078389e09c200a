import { ShopError } from '@cartograph/errors';
import { metrics } from '@opentelemetry/api';
import type { EventStream } from './make-event-stream.ts';
import type { StreamLimits } from './stream-limits.ts';

/**
 * Makes the stream of an account.
 * @throws ShopError UNAVAILABLE when the account has too many streams, or the process stops
 */
export type OpenStream = (account: string, makeStream: () => EventStream) => EventStream;

/** Limits the open streams of a process. */
export type StreamPlaces = {
  /**
   * Runs `work`, which may open one stream. It has a place from the start: what decides whether a stream
   * is opened is limited, too.
   * @throws ShopError UNAVAILABLE when the process has too many streams, or stops
   */
  readonly use: <Result>(work: (open: OpenStream) => Promise<Result>) => Promise<Result>;
  /** Ends all streams, and lets none begin. */
  readonly close: () => void;
};

/** When a refused client may try again: others end within minutes. */
const RETRY_AFTER_SECONDS = 10;

/** Whose limit refused a stream. */
type Limit = 'process' | 'account';

const measure = (countOpen: () => number): ((limit: Limit) => void) => {
  const meter = metrics.getMeter('cartograph.streams');
  meter
    .createObservableGauge('shop.event_stream.active', { description: 'Open event streams.' })
    .addCallback((result) => result.observe(countOpen()));
  const rejected = meter.createCounter('shop.event_stream.rejected', {
    description: 'Event streams rejected because there were too many, by whose limit.',
  });
  for (const limit of ['process', 'account']) rejected.add(0, { limit });
  return (limit) => rejected.add(1, { limit });
};

/** Makes the places of a process. */
export const makeStreamPlaces = ({
  max,
  maxPerAccount,
}: Pick<StreamLimits, 'max' | 'maxPerAccount'>): StreamPlaces => {
  const streams = new Set<EventStream>();
  const perAccount = new Map<string, number>();
  let taken = 0;
  let isClosed = false;

  const countRejected = measure(() => streams.size);

  const reject = (limit: Limit): never => {
    countRejected(limit);
    const sentence = `Too many event streams of this ${limit}; try again later.`;
    throw new ShopError('UNAVAILABLE', sentence, { retryAfterSeconds: RETRY_AFTER_SECONDS });
  };

  /** Another process serves the client's next request. */
  const throwIfClosed = (): void => {
    if (isClosed) throw new ShopError('UNAVAILABLE');
  };

  const addTo = (account: string, change: 1 | -1): void => {
    const count = (perAccount.get(account) ?? 0) + change;
    if (count > 0) perAccount.set(account, count);
    else perAccount.delete(account);
  };

  return {
    use: async (work) => {
      throwIfClosed();
      if (taken >= max) reject('process');
      taken += 1;
      let opened: EventStream | null = null;
      try {
        return await work((account, makeStream) => {
          throwIfClosed();
          if ((perAccount.get(account) ?? 0) >= maxPerAccount) reject('account');
          const stream = makeStream();
          opened = stream;
          streams.add(stream);
          addTo(account, 1);
          const onEnd = (): void => {
            streams.delete(stream);
            addTo(account, -1);
            taken -= 1;
          };
          stream.signal.addEventListener('abort', onEnd, { once: true });
          return stream;
        });
      } finally {
        if (!opened) taken -= 1;
      }
    },
    close: () => {
      isClosed = true;
      for (const stream of streams) stream.end('SHUTDOWN');
    },
  };
};
