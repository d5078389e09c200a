import { Type, type Static } from 'typebox';
import type { UserFieldsFragment } from '../generated/operations.ts';
import { oneOf } from '../input/fields.ts';

export const userSchema = Type.Object(
  {
    id: Type.String(),
    email: Type.String(),
    role: oneOf(['USER', 'ADMIN']),
    created_at: Type.String({ format: 'date-time' }),
  },
  { $id: 'User', description: 'An account of the shop.' },
);

/** An account as this door writes it. */
export const viewUser = (user: UserFieldsFragment): Static<typeof userSchema> => ({
  id: user.id,
  email: user.email,
  role: user.role,
  created_at: user.createdAt,
});
