/** The operations of a purchase, as an application with a cache sends them: it selects `edges`. */

export const PRODUCTS = `
  query Products($first: Int, $after: String, $filter: ProductFilter) {
    products(first: $first, after: $after, filter: $filter, sort: PRICE_ASC) {
      edges {
        cursor
        node {
          id
          sku
          price {
            amount
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

export const PREVIEW = `
  query Preview($items: [OrderItemInput!]!) {
    orderPreview(items: $items) {
      __typename
      ... on OrderPreview {
        isAvailable
        total {
          amount
          currency
        }
      }
      ... on Problem {
        code
        message
      }
    }
  }
`;

export const REGISTER = `
  mutation Register($input: RegisterInput!) {
    register(input: $input) {
      __typename
      ... on Session {
        accessToken
        refreshToken
        user {
          id
          email
        }
      }
      ... on Problem {
        code
        message
      }
    }
  }
`;

export const CREATE_ORDER = `
  mutation CreateOrder($input: CreateOrderInput!) {
    createOrder(input: $input) {
      __typename
      ... on Order {
        id
        status
        total {
          amount
          currency
        }
      }
      ... on OutOfStockProblem {
        shortages {
          sku
          requested
          available
        }
      }
      ... on Problem {
        code
        message
      }
    }
  }
`;

export const PAY_ORDER = `
  mutation PayOrder($input: PayOrderInput!) {
    payOrder(input: $input) {
      __typename
      ... on Order {
        id
        status
        paymentStatus
      }
      ... on Problem {
        code
        message
      }
    }
  }
`;

export const MY_ORDERS = `
  query MyOrders($first: Int, $after: String) {
    me {
      id
      orders(first: $first, after: $after) {
        edges {
          cursor
          node {
            id
            status
            total {
              decimal
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`;

export const ORDER = `
  query Order($id: ID!) {
    order(id: $id) {
      id
      history {
        at
        type
      }
      payments {
        id
        status
      }
    }
  }
`;

/** A part of it is for administrators only. */
export const CATEGORIES_AND_USER = `
  query CategoriesAndUser($id: ID!) {
    categories {
      name
      productCount
    }
    user(id: $id) {
      id
    }
  }
`;

export const LOGOUT = `
  mutation Logout {
    logout {
      __typename
      ... on SessionsEnded {
        count
      }
      ... on Problem {
        code
        message
      }
    }
  }
`;
