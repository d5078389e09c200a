/**
 * The currencies of the shop, by the digits of their minor units: those of ISO 4217 that have one,
 * with those withdrawn since 2020, for amounts from before. The import, both APIs and a CHECK in
 * every database that holds amounts go by this list (prisma/*\/migrations/*_known_currencies).
 */
const BY_DIGITS: readonly (readonly [digits: number, codes: string])[] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [
    2,
    `AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
    CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL
    GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR
    LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB
    PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP
    SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG ZWL`,
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
];

const digitsOf = new Map(
  BY_DIGITS.flatMap(([digits, codes]) =>
    codes.split(/\s+/).map((code): [string, number] => [code, digits]),
  ),
);

/** The codes of all currencies of the shop, in order. */
export const CURRENCIES: readonly string[] = [...digitsOf.keys()].sort();

/** Whether a text is the code of a currency of the shop, in capitals. */
export const isCurrency = (code: string): boolean => digitsOf.has(code);

/**
 * How many digits after the point a currency's minor unit is: 2 for EUR, where 1 is 0.01. By ISO
 * 4217; Intl has Unicode's digits, which are those of everyday prices: none for HUF or IDR.
 * @param currency its code in capitals; 2 for one that is not listed
 */
export const currencyDigits = (currency: string): number => digitsOf.get(currency) ?? 2;
