import {
  Type,
  type Static,
  type TArray,
  type TObject,
  type TOptional,
  type TSchema,
} from 'typebox';
import type { ListProductsQuery, PageFieldsFragment } from '../generated/operations.ts';
import { documented } from '../input/documented.ts';
import { nullable } from '../input/fields.ts';
import { count } from './fields.ts';

const prevCursor = nullable(
  Type.String({ description: 'Send it as `before` for the previous page.' }),
);

const pageProperties = {
  next_cursor: nullable(Type.String({ description: 'Send it as `cursor` for the next page.' })),
  has_more: Type.Boolean({ description: 'Whether there is a next page.' }),
};

/** The end of a list. */
const LAST_PAGE = { next_cursor: null, has_more: false, prev_cursor: null };

const pageSchema = Type.Object(
  { ...pageProperties, prev_cursor: Type.Optional(prevCursor) },
  documented({ examples: [LAST_PAGE] }),
);

const cataloguePageSchema = Type.Object(
  {
    ...pageProperties,
    prev_cursor: prevCursor,
    total_count: Type.Optional(
      count('The number of products on all pages, up to 10000, with `include_total`.'),
    ),
    total_exceeded: Type.Optional(
      Type.Boolean({ description: 'True when there are more than `total_count`.' }),
    ),
  },
  documented({ examples: [LAST_PAGE] }),
);

/** One page of a list. */
export const listOf = <Item extends TSchema>(
  item: Item,
): TObject<{ data: TArray<Item>; page: typeof pageSchema }> =>
  Type.Object({ data: Type.Array(item), page: pageSchema });

/** A list that has a page when it was asked for in pages. */
export const optionalPageOf = <Item extends TSchema>(
  item: Item,
): TObject<{ data: TArray<Item>; page: TOptional<typeof pageSchema> }> =>
  Type.Object({ data: Type.Array(item), page: Type.Optional(pageSchema) });

/** One page of the catalogue. */
export const catalogueOf = <Item extends TSchema>(
  item: Item,
): TObject<{ data: TArray<Item>; page: typeof cataloguePageSchema }> =>
  Type.Object({ data: Type.Array(item), page: cataloguePageSchema });

/** The REST form of a page's position. */
export const viewPage = (page: PageFieldsFragment): Required<Static<typeof pageSchema>> => {
  const next = page.hasNextPage ? page.endCursor : null;
  return {
    next_cursor: next,
    has_more: next !== null,
    prev_cursor: page.hasPreviousPage ? page.startCursor : null,
  };
};

/** As `viewPage`, with the total when the query requests it. */
export const viewCataloguePage = ({
  pageInfo,
  totalCount,
  totalCountExceeded,
}: Omit<NonNullable<ListProductsQuery['products']>, 'nodes'>): Static<
  typeof cataloguePageSchema
> => ({
  ...viewPage(pageInfo),
  ...(totalCount !== undefined && { total_count: totalCount }),
  ...(totalCountExceeded !== undefined && { total_exceeded: totalCountExceeded }),
});
