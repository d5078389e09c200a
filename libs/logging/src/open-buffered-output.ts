import { metrics } from '@opentelemetry/api';
import { destination, type DestinationStream } from 'pino';

/** So many bytes are written at once, without blocking the process. */
const WRITE_AT_BYTES = 4_096;

/** What is not that much is written after this time. */
const WRITE_AFTER_MS = 100;

/** Lines that are not written yet. When nobody reads them, further ones are dropped and counted. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;

const STDOUT = 1;

/**
 * Opens standard output for log lines: they are written in the background, several at once. What is
 * left is written when the process exits, also after a fatal error; only a SIGKILL loses it.
 */
export const openBufferedOutput = (): DestinationStream => {
  const output = destination({
    dest: STDOUT,
    sync: false,
    minLength: WRITE_AT_BYTES,
    periodicFlush: WRITE_AFTER_MS,
    maxLength: MAX_BUFFERED_BYTES,
  });
  const dropped = metrics.getMeter('cartograph.logging').createCounter('shop.log.line.dropped', {
    description: 'Log lines that were not written, because too many waited.',
  });
  dropped.add(0);
  output.on('drop', () => dropped.add(1));
  return output;
};
