import { Type, type Static } from 'typebox';
import type { MovementFieldsFragment } from '../generated/operations.ts';
import { nullable, oneOf } from '../input/fields.ts';

export const stockMovementSchema = Type.Object(
  {
    id: Type.String(),
    kind: oneOf(['ADJUSTED', 'RESERVED', 'COMMITTED', 'RELEASED']),
    stock_delta: Type.Integer({ description: 'What it did to the units that can be ordered.' }),
    held_delta: Type.Integer({
      description: 'What it did to the units that are set aside for orders.',
    }),
    order_id: nullable(Type.String()),
    actor: Type.String({ description: 'The id of an account, or the name of a process.' }),
    reason: Type.String(),
    at: Type.String({ format: 'date-time' }),
  },
  { $id: 'StockMovement', description: 'One line of the stock ledger.' },
);

/** A movement of stock as this door writes it. */
export const viewStockMovement = (
  movement: MovementFieldsFragment,
): Static<typeof stockMovementSchema> => ({
  id: movement.id,
  kind: movement.kind,
  stock_delta: movement.stockDelta,
  held_delta: movement.heldDelta,
  order_id: movement.orderId,
  actor: movement.actor,
  reason: movement.reason,
  at: movement.at,
});
