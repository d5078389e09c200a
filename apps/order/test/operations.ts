const MONEY = '{ amount currency }';

export const ORDER = `id number status total ${MONEY} reservedUntil createdAt
  items { sku name quantity unitPrice ${MONEY} lineTotal ${MONEY} product { id } }
  cancellation { reason at } customer { id }`;

export const CREATE = `mutation ($input: CreateOrderInput!) {
  createOrder(input: $input) {
    __typename
    ... on Order { ${ORDER} }
    ... on Problem { code }
    ... on OutOfStockProblem { shortages { productId sku requested available } }
    ... on ProductNotFoundProblem { productId }
    ... on TooManyOpenOrdersProblem { limit retryAfterSeconds }
    ... on TooManyUnitsHeldProblem { scope limit retryAfterSeconds }
    ... on RequestInFlightProblem { retryAfterSeconds }
    ... on ValidationFailedProblem { message fields { path message } }
  }
}`;

export const PAY = `mutation ($input: PayOrderInput!) {
  payOrder(input: $input) {
    __typename
    ... on Order { ${ORDER} paymentStatus paymentId }
    ... on Problem { code }
    ... on OrderNotPendingProblem { order { ${ORDER} } }
    ... on PaymentDeclinedProblem { reason order { ${ORDER} } }
    ... on RequestInFlightProblem { retryAfterSeconds }
    ... on ValidationFailedProblem { fields { path } }
  }
}`;

export const CANCEL = `mutation ($input: CancelOrderInput!) {
  cancelOrder(input: $input) {
    __typename
    ... on Order { ${ORDER} }
    ... on Problem { code }
    ... on OrderNotPendingProblem { order { ${ORDER} } }
    ... on RequestInFlightProblem { retryAfterSeconds }
    ... on ValidationFailedProblem { fields { path } }
  }
}`;

export const UPDATE_STATUS = `mutation ($input: UpdateOrderStatusInput!) {
  updateOrderStatus(input: $input) {
    __typename
    ... on Order { ${ORDER} }
    ... on Problem { code }
    ... on IllegalTransitionProblem { from to allowed }
    ... on ValidationFailedProblem { fields { path } }
  }
}`;

export const HISTORY = `query ($id: ID!) {
  order(id: $id) {
    history { at type fromStatus toStatus actor user { id } reason note }
  }
}`;

export const PAYMENT_SETTLED = `mutation ($orderId: ID!) {
  paymentDecided(orderId: $orderId) { id status }
}`;
