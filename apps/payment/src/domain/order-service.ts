/** The service of the orders, as far as payments need it. */
export type OrderService = {
  /** Says that a payment of an order is decided; the order service asks for the rest itself. */
  readonly tellDecided: (orderId: string) => Promise<void>;
};
