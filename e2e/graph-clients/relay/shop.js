import { graphql } from 'react-relay';

export const productList = graphql`
  fragment shop_products on Query
  @argumentDefinitions(
    first: { type: "Int", defaultValue: 20 }
    after: { type: "String" }
    filter: { type: "ProductFilter" }
  )
  @refetchable(queryName: "shopProductsPageQuery") {
    products(first: $first, after: $after, filter: $filter, sort: PRICE_ASC)
      @connection(key: "shop_products", filters: ["filter", "sort"]) {
      edges {
        node {
          sku
          price {
            amount
          }
        }
      }
    }
  }
`;

export const orderList = graphql`
  fragment shop_orders on Query
  @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" })
  @refetchable(queryName: "shopOrdersPageQuery") {
    me {
      orders(first: $first, after: $after) @connection(key: "shop_orders") {
        edges {
          node {
            number
            status
            createdAt
          }
        }
      }
    }
  }
`;

export const page = graphql`
  query shopQuery($filter: ProductFilter) {
    ...shop_products @arguments(first: 2, filter: $filter)
    ...shop_orders
  }
`;

export const pay = graphql`
  mutation shopPayMutation($input: PayOrderInput!) {
    payOrder(input: $input) {
      __typename
      ... on Order {
        status
      }
      ... on Problem {
        code
        message
      }
    }
  }
`;
