import { runLinked } from '@cartograph/telemetry';
import { SpanKind } from '@opentelemetry/api';

/**
 * Publishes events in a span that links to what caused them, by the semantic conventions for messaging.
 * There is none when no cause was recorded.
 * @param publisher where they are published: `database`, or the name of a broker
 * @param causes of the events, in any order; null for those that were not recorded
 */
export const tracePublishing = <Result>(
  publisher: string,
  causes: readonly (string | null)[],
  publish: () => Promise<Result>,
): Promise<Result> => {
  if (causes.every((cause) => cause === null)) return publish();
  const attributes = {
    'messaging.system': publisher,
    'messaging.operation.name': 'publish',
    'messaging.operation.type': 'send',
    'messaging.destination.name': 'events',
    'messaging.batch.message_count': causes.length,
  };
  return runLinked('publish events', { kind: SpanKind.PRODUCER, attributes }, causes, publish);
};
