/**
 * All currencies of ISO 4217 that have a minor unit, by its digits, and those withdrawn since 2020,
 * for older amounts. The import, both APIs and a CHECK in every database with amounts use this list
 * (prisma/*\/migrations/*_known_currencies).
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

/** The codes of all supported currencies, sorted. */
export const CURRENCIES: readonly string[] = [...digitsOf.keys()].sort();

/** Whether a text is the code of a supported currency, in upper case. */
export const isCurrency = (code: string): boolean => digitsOf.has(code);

/**
 * The number of decimal digits of a currency's minor unit by ISO 4217: 2 for EUR. Intl follows
 * Unicode instead, which has 0 for HUF and IDR.
 * @param currency its code in upper case; the result is 2 for an unknown one
 */
export const currencyDigits = (currency: string): number => digitsOf.get(currency) ?? 2;
