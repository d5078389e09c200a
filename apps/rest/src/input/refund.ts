import { Type } from 'typebox';
import { safeInteger } from './fields.ts';
import { textOf } from './texts.ts';

/**
 * The body that gives money back. The amount can be left out, but not be null: a client that has
 * lost its number must not give back everything.
 */
export const newRefund = Type.Object(
  {
    amount_cents: Type.Optional(
      safeInteger('In the smallest unit of the payment’s currency; all that is left without it.'),
    ),
    reason: textOf(500, { description: 'Why: 1 to 500 characters. The customer reads it.' }),
  },
  { additionalProperties: false },
);
