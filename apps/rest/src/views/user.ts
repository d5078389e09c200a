import { Type, type Static } from 'typebox';
import type { UserFieldsFragment } from '../generated/operations.ts';
import { nullable, oneOf } from '../input/fields.ts';

export const userSchema = Type.Object(
  {
    id: Type.String(),
    email: Type.String(),
    name: nullable(Type.String({ description: 'What the customer likes to be called.' })),
    role: oneOf(['USER', 'ADMIN']),
    created_at: Type.String({ format: 'date-time' }),
  },
  { $id: 'User', description: 'An account of the shop.' },
);

/** An account as this door writes it. */
export const viewUser = (user: UserFieldsFragment): Static<typeof userSchema> => ({
  id: user.id,
  email: user.email,
  name: user.name,
  role: user.role,
  created_at: user.createdAt,
});
