import type { ProductService } from './open-product.ts';

const RESERVATION =
  'orderId status lines { productId quantity sku name unitPrice { amount currency } }';

const RESERVE = `mutation ($input: ReserveStockInput!) {
  reserveStock(input: $input) {
    __typename
    ... on Reservation { ${RESERVATION} }
    ... on Problem { code }
    ... on OutOfStockProblem { shortages { productId sku requested available } }
    ... on ProductNotFoundProblem { productId }
  }
}`;

export const COMMIT = `mutation ($orderId: ID!) {
  commitReservation(orderId: $orderId) { ${RESERVATION} }
}`;

export const RELEASE = `mutation ($orderId: ID!, $close: Boolean! = false) {
  releaseReservation(orderId: $orderId, close: $close) { ${RESERVATION} }
}`;

type Line = { productId: string; quantity: number };

/** The fields that the member of the union in query has. */
type Result = {
  __typename: string;
  status?: string;
  lines?: object[];
  code?: string;
  productId?: string;
  shortages?: object[];
};

/** Makes the requests of the order service. */
export const makeReserver = ({ asOrderService }: ProductService) => {
  const query = (orderId: string, lines: readonly Line[], heldForMs = 600_000) => {
    const expiresAt = new Date(Date.now() + heldForMs).toISOString();
    return [RESERVE, { input: { orderId, expiresAt, lines } }] as const;
  };
  const send = (...args: Parameters<typeof query>) => asOrderService(...query(...args));
  const end = async (mutation: string, orderId: string, more: object = {}) => {
    const { data, errors } = await asOrderService(mutation, { orderId, ...more });
    if (errors[0]) throw new Error(errors[0].message);
    return (Object.values(data as object) as ({ status: string } | null)[])[0] ?? null;
  };
  return {
    query,
    send,
    reserve: async (...args: Parameters<typeof query>): Promise<Result> => {
      const { data, errors } = await send(...args);
      if (errors[0]) throw new Error(errors[0].message);
      return data.reserveStock as Result;
    },
    commit: (orderId: string) => end(COMMIT, orderId),
    release: (orderId: string) => end(RELEASE, orderId),
    close: (orderId: string) => end(RELEASE, orderId, { close: true }),
  };
};

export type Reserver = ReturnType<typeof makeReserver>;

/** The units of each product by its id: in stock, held and sold. */
export const countUnits = async ({ database }: ProductService): Promise<Record<string, number>> => {
  const rows = await database.query<{ id: string; units: number }>(
    `SELECT p.id, (p.stock + coalesce(sum(l.quantity) FILTER (WHERE r.status <> 'RELEASED'), 0))::int
       AS units
     FROM products p
     LEFT JOIN reservation_lines l ON l.product_id = p.id
     LEFT JOIN reservations r ON r.order_id = l.order_id
     GROUP BY p.id`,
  );
  if (rows.length === 0) throw new Error('there is no product to count');
  return Object.fromEntries(rows.map(({ id, units }) => [id, units]));
};
