/**
 * Each public operation of the graph, and the routes that send it, or why there is none. A new operation
 * needs a row.
 */
export const ROUTES: Readonly<Record<string, readonly string[] | { readonly missing: string }>> = {
  'Query.categories': ['GET /v1/categories'],
  'Query.me': ['GET /v1/me', 'GET /v1/me/sessions', 'GET /v1/orders', 'GET /v1/orders/{id}/events'],
  'Query.order': [
    'GET /v1/orders/{id}',
    'GET /v1/orders/{id}/events',
    'GET /v1/orders/{id}/history',
    'GET /v1/orders/{id}/payments',
  ],
  'Query.orderPreview': ['POST /v1/orders/preview'],
  'Query.orders': ['GET /v1/orders'],
  'Query.paymentMethods': ['GET /v1/payment-methods'],
  'Query.payment': ['GET /v1/payments/{id}', 'GET /v1/payments/{id}/refunds'],
  'Query.product': ['GET /v1/products/{id}', 'GET /v1/products/by-sku/{sku}'],
  'Query.products': ['GET /v1/products'],
  'Query.stockMovements': [
    'GET /v1/orders/{id}/stock-movements',
    'GET /v1/products/{id}/stock-movements',
  ],
  'Query.user': ['GET /v1/users/{id}', 'GET /v1/users/{id}/orders', 'GET /v1/users/{id}/sessions'],
  'Mutation.adjustStock': ['POST /v1/products/{id}/stock'],
  'Mutation.archiveProduct': ['POST /v1/products/{id}/archive'],
  'Mutation.cancelOrder': ['POST /v1/orders/{id}/cancel'],
  'Mutation.changePassword': ['POST /v1/auth/password'],
  'Mutation.createOrder': ['POST /v1/orders'],
  'Mutation.createProduct': ['POST /v1/products'],
  'Mutation.login': ['POST /v1/auth/login'],
  'Mutation.logout': ['POST /v1/auth/logout'],
  'Mutation.logoutEverywhere': ['POST /v1/auth/logout-all'],
  'Mutation.payOrder': ['POST /v1/orders/{id}/pay'],
  'Mutation.recordPaymentEvent': ['POST /v1/webhooks/payments/{provider}'],
  'Mutation.refreshSession': ['POST /v1/auth/refresh'],
  'Mutation.refundPayment': ['POST /v1/payments/{id}/refunds'],
  'Mutation.register': ['POST /v1/auth/register'],
  'Mutation.restoreProduct': ['POST /v1/products/{id}/restore'],
  'Mutation.revokeSession': ['DELETE /v1/me/sessions/{id}'],
  'Mutation.updateOrderStatus': ['POST /v1/orders/{id}/status'],
  'Mutation.updateProduct': ['PATCH /v1/products/{id}'],
  'Mutation.updateProfile': ['PATCH /v1/me'],
};
