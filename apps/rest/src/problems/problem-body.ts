import { activeTraceId } from '@cartograph/telemetry';
import { Type, type Static } from 'typebox';
import { oneOf } from '../input/fields.ts';
import { sentenceOf, type Refusal } from './refusal.ts';
import { statuses } from './statuses.ts';

/** RFC 9457, section 3: what every error body looks like. */
export const problemSchema = Type.Object(
  {
    type: Type.String({ format: 'uri', description: 'Names the kind of problem.' }),
    title: Type.String({ description: 'What the code means.' }),
    status: Type.Integer(),
    detail: Type.String({ description: 'What went wrong this time.' }),
    instance: Type.String({ description: 'The path that was asked for.' }),
    code: oneOf(Object.keys(statuses), 'The reason. It is never renamed.'),
    trace_id: Type.Optional(Type.String({ description: 'Tell it to whoever looks into it.' })),
    errors: Type.Optional(
      Type.Array(Type.Object({ field: Type.String(), message: Type.String() }), {
        description: 'Every field that is not allowed.',
      }),
    ),
  },
  {
    $id: 'Problem',
    description: 'RFC 9457. Some codes carry more: OUT_OF_STOCK its shortages, for one.',
    additionalProperties: true,
  },
);

type ProblemBody = Static<typeof problemSchema>;

const typeOf = (code: string): string =>
  `https://cartograph.example/problems/${code.toLowerCase().replaceAll('_', '-')}`;

/** No path of ours is as long; one that leads nowhere is not repeated in full. */
const MAX_INSTANCE = 500;

/** Makes the body of a refusal. `url` is what was asked for; its query may hold what is private. */
export const makeProblemBody = (refusal: Refusal, url: string): ProblemBody => {
  const { code, message, errors, retryAfterSeconds, extensions } = refusal;
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
    ...extensions,
  };
};
