import { SUBGRAPHS, type Subgraph } from '@cartograph/auth';
import type { CodegenConfig } from '@graphql-codegen/cli';
import { libraryPreset } from './libs/client/codegen/preset.ts';

const scalars = {
  Currency: 'string',
  DateTime: { input: 'Date', output: 'Date' },
  SafeInt: 'number',
};

/** What every file of types has in common: plain types, nothing that runs. */
const plainTypes = {
  enumsAsTypes: true,
  immutableTypes: true,
  avoidOptionals: { field: true, defaultValue: true },
  useTypeImports: true,
  importExtension: '.ts' as const,
  scalars,
};

/** Types of the resolvers of a subgraph, over the domain types that its fields resolve from. */
const subgraph = (
  schema: string,
  mappers: Record<string, string>,
): CodegenConfig['generates'][string] => ({
  schema,
  plugins: ['typescript', 'typescript-resolvers'],
  config: {
    ...plainTypes,
    contextType: '../context.ts#Context',
    federation: true,
    mappers,
    optionalResolveType: true,
    resolversNonOptionalTypename: { unionMember: true },
  },
});

/** Typed documents of operations, with values as they travel: a DateTime is its text. */
const operations = (documents: string, schema: string): CodegenConfig['generates'][string] => ({
  schema,
  documents,
  plugins: ['typescript-operations', 'typed-document-node'],
  config: {
    ...plainTypes,
    scalars: { ...scalars, DateTime: 'string' },
  },
});

const Money = '@cartograph/money#Money as MoneyModel';

/** The domain types that the fields of each subgraph resolve from. */
const MAPPERS: Readonly<Record<Subgraph, Record<string, string>>> = {
  user: {
    ActiveSession: '../domain/session.ts#ActiveSession as ActiveSessionModel',
    Session: '../domain/session.ts#Session as SessionModel',
    User: '../domain/user.ts#User as UserModel',
  },
  product: {
    Money,
    Product: '../domain/product.ts#Product as ProductModel',
    ProductConnection: '../domain/product-list.ts#ProductPage',
    Reservation: '../domain/reservation.ts#Reservation as ReservationModel',
    StockMovement: '../domain/stock-ledger.ts#StockMovement as StockMovementModel',
  },
  order: {
    Order: '../domain/order.ts#Order as OrderModel',
    OrderEvent: '../domain/order-event.ts#OrderEvent as OrderEventModel',
    Money,
    OrderItem: '../domain/order.ts#OrderItem as OrderItemModel',
    OrderPreviewItem: '../domain/preview-order.ts#PreviewItem',
    Product: '{ id: string }',
    User: '{ id: string }',
  },
  payment: {
    Money,
    Order: '{ id: string }',
    Payment: '../domain/payment.ts#Payment as PaymentModel',
    Refund: '../domain/refund.ts#Refund as RefundModel',
  },
};

const config: CodegenConfig = {
  generates: {
    ...Object.fromEntries(
      SUBGRAPHS.map((name) => [
        `apps/${name}/src/generated/resolvers.ts`,
        subgraph(`apps/${name}/schema.graphql`, MAPPERS[name]),
      ]),
    ),
    'apps/order/src/generated/stock.ts': operations(
      'apps/order/src/clients/stock.graphql',
      'apps/product/schema.graphql',
    ),
    'apps/order/src/generated/payment.ts': operations(
      'apps/order/src/clients/payment.graphql',
      'apps/payment/schema.graphql',
    ),
    'apps/payment/src/generated/order.ts': operations(
      'apps/payment/src/clients/order.graphql',
      'apps/order/schema.graphql',
    ),
    'apps/rest/src/generated/operations.ts': operations(
      'apps/rest/operations/*.graphql',
      'apps/router/api.graphql',
    ),
    // For the caches of Apollo Client and urql: which types `... on Problem` is about.
    'e2e/graph-clients/generated/possible-types.ts': {
      schema: 'apps/router/api.graphql',
      plugins: ['fragment-matcher'],
      config: { deterministic: true },
    },
    'libs/client/src/generated/': {
      schema: 'apps/router/api.graphql',
      documents: 'libs/client/operations/*.graphql',
      preset: libraryPreset,
      config: {
        ...plainTypes,
        // No default values: what a client may leave out, it may leave out.
        avoidOptionals: false,
        scalars: { ...scalars, DateTime: 'string', ID: 'string' },
        strictScalars: true,
        documentMode: 'string',
      },
    },
  },
};
export default config;
