import { Type, type Static } from 'typebox';
import type { MySessionsQuery } from '../generated/operations.ts';
import { nullable } from '../input/fields.ts';

type ActiveSession = NonNullable<MySessionsQuery['me']>['sessions'][number];

export const activeSessionSchema = Type.Object(
  {
    id: Type.String(),
    device: nullable(Type.String({ description: 'What the client called itself.' })),
    created_at: Type.String({ format: 'date-time' }),
    last_used_at: Type.String({ format: 'date-time' }),
    current: Type.Boolean({ description: 'True for the session of this request.' }),
  },
  { $id: 'ActiveSession', description: 'A sign-in that has not ended.' },
);

/** A sign-in that goes on, as this door writes it. */
export const viewActiveSession = (session: ActiveSession): Static<typeof activeSessionSchema> => ({
  id: session.id,
  device: session.device,
  created_at: session.createdAt,
  last_used_at: session.lastUsedAt,
  current: session.current,
});
