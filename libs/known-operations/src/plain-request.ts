import type { FastifyRequest } from 'fastify';

export type Variables = Readonly<Record<string, unknown>>;

/** A request that says nothing about the protocol: only an operation and its variables. */
export type PlainRequest = {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Variables;
};

/**
 * The longest plain request, in bytes. What is wrong with a request is found before Apollo Server gets it, and
 * once more by Apollo Server: of a megabyte, that would cost twice what one request may.
 */
const MAX_BYTES = 16_384;

const PLAIN_FIELDS = new Set(['query', 'operationName', 'variables']);

/** Null for any request whose body Apollo Server could treat in another way than the usual one. */
export const readPlainRequest = ({
  method,
  body,
  headers,
}: Pick<FastifyRequest, 'method' | 'body' | 'headers'>): PlainRequest | null => {
  if (method !== 'POST') return null;
  // Also without the header.
  if (!(Number(headers['content-length']) <= MAX_BYTES)) return null;
  if (typeof body !== 'object' || body === null) return null;
  const { query, operationName, variables } = body as Record<string, unknown>;
  for (const name in body) if (!PLAIN_FIELDS.has(name)) return null;
  if (typeof query !== 'string') return null;
  if (typeof (operationName ?? '') !== 'string') return null;
  if (typeof (variables ?? {}) !== 'object' || Array.isArray(variables)) return null;
  return {
    query,
    operationName: (operationName as string | null | undefined) ?? undefined,
    variables: (variables as Variables | null | undefined) ?? {},
  };
};
