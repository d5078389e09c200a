export { makeLogger, type Logger } from './make-logger.ts';
export { openBufferedOutput } from './open-buffered-output.ts';
