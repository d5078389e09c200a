import type { Logger } from '@cartograph/logging';
import {
  makeServiceClient,
  runWithDeadline,
  type ServiceClientOptions,
} from '@cartograph/resilience';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import type { SessionCheck } from './request-context.ts';

const ACTIVE_SESSIONS = parse(
  'query ActiveSessions($ids: [ID!]!) { activeSessions(ids: $ids) }',
) as TypedDocumentNode<{ activeSessions: string[] }, { ids: string[] }>;

/**
 * Makes the question to the user service whether a session goes on: a signature alone would let a
 * stolen token live on for minutes after its owner ended it. While the user service does not
 * answer, the signature must do: tokens are short, and the shop goes on.
 * @param options.timeoutMs bounds the question, whatever the deadline of the request
 */
export const makeSessionCheck = (
  options: ServiceClientOptions,
  log: Logger,
): { readonly isActive: SessionCheck; readonly close: () => Promise<void> } => {
  const users = makeServiceClient(options);
  return {
    isActive: async (sessionId) => {
      try {
        // A client names the deadline of its request. If it bound this too, a short one would leave
        // no time to ask, and an ended session could still write.
        const { activeSessions } = await runWithDeadline(null, () =>
          users.request(ACTIVE_SESSIONS, { ids: [sessionId] }),
        );
        return activeSessions.includes(sessionId);
      } catch (error) {
        log.warn({ err: error }, 'session not checked');
        return true;
      }
    },
    close: users.close,
  };
};
