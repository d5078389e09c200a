export { CURRENCIES, currencyDigits, isCurrency } from './currencies.ts';
export { MAX_AMOUNT, addAmounts, findMoneyFault, multiplyAmount, type Money } from './money.ts';
