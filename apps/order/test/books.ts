import type { Shop } from './open-shop.ts';

/** What an order came to, in the books of all three. */
export const booksOf = async (shop: Shop, id: string) => {
  const history = (await shop.signIn('ADMIN').historyOf(id)) ?? [];
  const order = await shop.signIn('ADMIN').find(id);
  const payment = shop.sisters.payments.get(`${id}:1`);
  return {
    status: order?.status,
    reason: order?.cancellation?.reason,
    ends: history.map((event) => event.type).filter((type) => /CONFIRMED|CANCELLED/.test(type)),
    stock: shop.sisters.reservations.get(id)?.status,
    asked: [...(shop.sisters.stockEnds.get(id) ?? [])].sort(),
    money: payment?.status ?? 'NONE',
    // Asked for twice it is given once: the payment service sees to that.
    isRefunded: (payment?.refunds ?? []).length > 0,
  };
};

/** What they must be, given how the order ended: one end, and stock and money that follow it. */
export const expectedBooks = (books: Awaited<ReturnType<typeof booksOf>>) => {
  const { status, reason, money } = books;
  if (status === 'CONFIRMED') {
    return {
      ...books,
      ends: ['CONFIRMED'],
      stock: 'COMMITTED',
      asked: ['COMMITTED'],
      money: 'SUCCEEDED',
      isRefunded: false,
    };
  }
  const kept = money === 'NONE' || money === 'FAILED';
  return {
    ...books,
    status: 'CANCELLED',
    ends: reason === 'OUT_OF_STOCK' ? ['CONFIRMED', 'CANCELLED'] : ['CANCELLED'],
    stock: 'RELEASED',
    asked: reason === 'OUT_OF_STOCK' ? ['COMMITTED', 'RELEASED'] : ['RELEASED'],
    money: kept ? money : 'REFUNDED',
    isRefunded: !kept,
  };
};
