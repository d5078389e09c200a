export { CURRENCIES, currencyDigits, isCurrency } from './currencies.ts';
export { MAX_AMOUNT, addAmounts, multiplyAmount, type Money } from './money.ts';
