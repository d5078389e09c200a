import { joinParts, splitParts } from '@cartograph/response-cache';
import { z } from 'zod';
import type { GraphqlResponse } from './graphql-response.ts';

/** Only responses with the status 200 are public. */
const responseHead = z.object({
  status: z.literal(200),
  headers: z.array(z.tuple([z.string(), z.string()])),
  freshMs: z.number(),
});

/** Writes a public response as text, for other replicas. */
export const toText = ({ body, ...head }: GraphqlResponse): string =>
  joinParts(head, body.toString());

/** Reads what `toText` wrote. @returns null for any other text */
export const fromText = (text: string): GraphqlResponse | null => {
  const { head, body } = splitParts(text) ?? {};
  const { data } = responseHead.safeParse(head);
  return data && body !== undefined ? { ...data, body: Buffer.from(body) } : null;
};
