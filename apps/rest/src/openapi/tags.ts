/** The groups of the API, in the order of the documentation. */
export const TAGS = [
  {
    name: 'auth',
    description:
      'Accounts and sessions. An access token is short-lived; a refresh token gets the next one, and ' +
      'can be used once.',
  },
  {
    name: 'products',
    description:
      'The catalogue, which everyone may read, and its administration. A change names the version ' +
      'that it is made to.',
  },
  {
    name: 'orders',
    description:
      'Orders of the account. A new order reserves its stock until it is paid, cancelled or expires.',
  },
  { name: 'payments', description: 'Payments of orders, and their refunds.' },
  { name: 'users', description: 'The accounts of the shop, for administrators.' },
  { name: 'webhooks', description: 'Notifications of payment providers. Clients never send them.' },
];
