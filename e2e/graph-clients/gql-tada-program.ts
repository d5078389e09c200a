/** The settings of a program with gql.tada. */
export const TADA_SETTINGS = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    target: 'es2024',
    lib: ['es2024', 'dom'],
    module: 'esnext',
    moduleResolution: 'bundler',
    skipLibCheck: true,
    types: [],
    plugins: [
      {
        name: 'gql.tada/ts-plugin',
        schema: './schema.graphql',
        tadaOutputLocation: './graphql-env.d.ts',
      },
    ],
  },
  files: ['shop.ts'],
};

/** The text of a program: it is compiled against types that a test makes. */
export const TADA_PROGRAM = `
import { initGraphQLTada, type ResultOf } from 'gql.tada';
import type { introspection } from './graphql-env.d.ts';

const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { Currency: string; DateTime: string; SafeInt: number };
}>();

const PAY = graphql(\`
  mutation Pay($input: PayOrderInput!) {
    payOrder(input: $input) {
      __typename
      ... on Order {
        status
        total {
          amount
        }
      }
      ... on PaymentDeclinedProblem {
        reason
      }
      ... on Problem {
        code
      }
    }
  }
\`);

export const show = (result: ResultOf<typeof PAY>['payOrder']): string => {
  switch (result.__typename) {
    case 'Order':
      return \`\${result.status}: \${result.total.amount.toFixed()}\`;
    case 'PaymentDeclinedProblem':
      return result.reason;
    default:
      return result.code;
  }
};
`;
