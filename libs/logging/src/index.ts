export { makeLogger, type Logger } from './make-logger.ts';
