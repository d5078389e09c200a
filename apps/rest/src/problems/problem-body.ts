import { activeTraceId } from '@cartograph/telemetry';
import { Type, type Static } from 'typebox';
import { sentenceOf, statuses, type Code, type ProblemError } from './problem-error.ts';

/** No route is as long. A longer path, which is not found, is cut. */
const MAX_INSTANCE = 500;

/** RFC 9457, section 3: what every error body looks like. */
export const problemSchema = Type.Object(
  {
    type: Type.String({ format: 'uri', description: 'Identifies the kind of problem.' }),
    title: Type.String({ description: 'What the code means.' }),
    status: Type.Integer({ minimum: 400, maximum: 599, description: 'The HTTP status.' }),
    detail: Type.String({ description: 'What went wrong this time.' }),
    instance: Type.String({
      maxLength: MAX_INSTANCE,
      description: 'The path of the request; empty if it could not be read.',
    }),
    code: Type.Enum(Object.keys(statuses), {
      type: 'string',
      description: 'The reason. It is never renamed.',
    }),
    trace_id: Type.Optional(Type.String({ description: 'Send it with a support request.' })),
    errors: Type.Optional(
      Type.Array(Type.Object({ field: Type.String(), message: Type.String() }), {
        description: 'Every field that is not valid.',
      }),
    ),
    retry_after_seconds: Type.Optional(
      Type.Integer({ minimum: 1, description: 'As the header Retry-After.' }),
    ),
  },
  {
    $id: 'Problem',
    description: 'RFC 9457: what every problem has. Some codes have more members.',
    additionalProperties: true,
  },
);

type ProblemBody = Static<typeof problemSchema>;

/** `OUT_OF_STOCK` -> `out-of-stock`. */
export const problemSlug = (code: Code): string => code.toLowerCase().replaceAll('_', '-');

/** Clients compare it: it stays as it is wherever the shop runs. */
const typeOf = (code: Code): string => `https://cartograph.example/problems/${problemSlug(code)}`;

/** Makes the body of a problem. The query of `url` may contain private data and is left out. */
export const makeProblemBody = (problem: ProblemError, url: string): ProblemBody => {
  const { code, message, errors, retryAfterSeconds, quota, extensions } = problem;
  const traceId = activeTraceId();
  return {
    type: typeOf(code),
    title: sentenceOf(code),
    status: statuses[code],
    detail: message,
    instance: (url.split('?', 1)[0] ?? '').slice(0, MAX_INSTANCE),
    code,
    ...(traceId !== undefined && { trace_id: traceId }),
    ...(errors.length > 0 && {
      errors: errors.map(({ field, message: fault }) => ({ field, message: fault })),
    }),
    ...(retryAfterSeconds !== undefined && { retry_after_seconds: retryAfterSeconds }),
    ...(quota && { quota: { limit: quota.limit, window_seconds: quota.windowSeconds } }),
    ...extensions,
  };
};
