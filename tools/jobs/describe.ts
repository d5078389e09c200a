import type { DeadLetteredEvent } from '@cartograph/events';
import type { DeadLetteredJob } from '@cartograph/jobs';

const firstLine = (error: string | null): string => error?.split('\n', 1)[0] ?? 'no error was kept';

/** A dead job as one line for people. */
export const describeDeadLetteredJob = ({
  id,
  name,
  payload,
  createdAt,
  lastError,
}: DeadLetteredJob): string =>
  `  ${id} ${name} ${JSON.stringify(payload)} since ${createdAt.toISOString()}: ${firstLine(lastError)}`;

/** An event that a consumer gave up as one line for people. */
export const describeDeadLetteredEvent = (event: DeadLetteredEvent): string =>
  `  ${event.id} ${event.type} by ${event.consumer} since ${event.receivedAt.toISOString()}: ${firstLine(event.lastError)}`;

/** `1 job is`, `2 jobs are`. */
export const count = (many: number, noun: string): string =>
  many === 1 ? `1 ${noun} is` : `${many} ${noun}s are`;
