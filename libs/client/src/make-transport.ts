import { sendRequest, type Endpoint, type Incoming, type Outgoing } from './send-request.ts';

/** Sends a request by the id of its operation where the router knows it, else by its text. */
export type Transport = (outgoing: Omit<Outgoing, 'by'>) => Promise<Incoming>;

const hasCode = ({ errors }: Incoming, code: string): boolean =>
  errors.some(({ extensions }) => extensions?.code === code);

/**
 * Makes a transport that uses persisted queries: only ids travel, once the router knows the texts, from
 * its manifest or from an earlier request. An operation that is not found was not executed, so it can
 * be sent again, also when it is a mutation.
 */
export const makeTransport = (endpoint: Endpoint): Transport => {
  let takesIds = true;

  return async (outgoing) => {
    const send = (by: Outgoing['by']) => sendRequest(endpoint, { ...outgoing, by });
    if (!takesIds || outgoing.operation.id === null) return send('text');
    const response = await send('id');
    if (hasCode(response, 'PERSISTED_QUERY_NOT_FOUND')) return send('both');
    if (hasCode(response, 'PERSISTED_QUERY_NOT_SUPPORTED')) {
      takesIds = false;
      return send('text');
    }
    return response;
  };
};
