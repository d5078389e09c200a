import { Type, type Static, type TArray, type TObject, type TSchema } from 'typebox';
import type { PageFieldsFragment } from '../generated/operations.ts';
import { nullable } from '../input/fields.ts';

const pageSchema = Type.Object({
  next_cursor: nullable(Type.String({ description: 'Send it as `cursor` for the next page.' })),
  has_more: Type.Boolean(),
});

/** One page of a list. */
export const listOf = <Item extends TSchema>(
  item: Item,
): TObject<{ data: TArray<Item>; page: typeof pageSchema }> =>
  Type.Object({ data: Type.Array(item), page: pageSchema });

/** Where the next page begins. */
export const viewPage = (page: PageFieldsFragment): Static<typeof pageSchema> => ({
  next_cursor: page.hasNextPage ? page.endCursor : null,
  has_more: page.hasNextPage,
});
