export { currencyDigits } from './currency-digits.ts';
export { MAX_AMOUNT, addAmounts, multiplyAmount, type Money } from './money.ts';
