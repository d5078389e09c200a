/** Where a currency has not two digits. */
const EXCEPTIONS: readonly (readonly [digits: number, currencies: string])[] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
];

const digitsOf = new Map(
  EXCEPTIONS.flatMap(([digits, currencies]) =>
    currencies.split(' ').map((currency): [string, number] => [currency, digits]),
  ),
);

/**
 * How many digits after the point a currency's minor unit is: 2 for EUR, where 1 is 0.01. By ISO
 * 4217; Intl has Unicode's digits, which are those of everyday prices: none for HUF or IDR.
 * @param currency its code in capitals; 2 for one that the standard does not list
 */
export const currencyDigits = (currency: string): number => digitsOf.get(currency) ?? 2;
