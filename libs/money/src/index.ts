export { CURRENCIES, currencyDigits, isCurrency } from './currencies.ts';
export {
  MAX_AMOUNT,
  addAmounts,
  findMoneyFault,
  formatDecimal,
  multiplyAmount,
  type Money,
} from './money.ts';
