import type { Shop } from './open-order.ts';

/** The result of an order in all three services. */
export const ledgerOf = async (shop: Shop, id: string) => {
  const history = (await shop.signIn('ADMIN').historyOf(id)) ?? [];
  const order = await shop.signIn('ADMIN').find(id);
  const payment = shop.services.payments.get(`${id}:1`);
  return {
    status: order?.status,
    reason: order?.cancellation?.reason,
    ends: history.map((event) => event.type).filter((type) => /CONFIRMED|CANCELLED/.test(type)),
    stock: shop.services.reservations.get(id)?.status,
    requested: [...(shop.services.reservationEnds.get(id) ?? [])].sort(),
    // An attempt that was closed is no payment.
    money: payment?.failure?.code === 'not_started' ? 'NONE' : (payment?.status ?? 'NONE'),
    // The payment service refunds once, however often it is requested.
    isRefunded: (payment?.refunds ?? []).length > 0,
  };
};

/** The consistent ledger for the status of an order: one end, and stock and money that match it. */
export const expectedLedger = (ledger: Awaited<ReturnType<typeof ledgerOf>>) => {
  const { status, reason, money } = ledger;
  if (status === 'CONFIRMED') {
    return {
      ...ledger,
      ends: ['CONFIRMED'],
      stock: 'COMMITTED',
      requested: ['COMMITTED'],
      money: 'SUCCEEDED',
      isRefunded: false,
    };
  }
  const isUncharged = money === 'NONE' || money === 'FAILED';
  return {
    ...ledger,
    status: 'CANCELLED',
    ends: reason === 'OUT_OF_STOCK' ? ['CONFIRMED', 'CANCELLED'] : ['CANCELLED'],
    stock: 'RELEASED',
    requested: reason === 'OUT_OF_STOCK' ? ['COMMITTED', 'RELEASED'] : ['RELEASED'],
    money: isUncharged ? money : 'REFUNDED',
    isRefunded: !isUncharged,
  };
};
