import { describe, expect, it } from 'vitest';
import { CurrencyResolver } from 'graphql-scalars';
import { CURRENCIES, currencyDigits, isCurrency } from './currencies.ts';

/** The exponent of each minor unit, by ISO 4217, list one, and the codes withdrawn since 2020. */
const MINOR_UNITS = {
  0: `BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF`,
  2: `AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN
    BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP
    GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT
    LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO
    NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS
    SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VES WST XCD XCG
    YER ZAR ZMW ZWG ZWL`,
  3: `BHD IQD JOD KWD LYD OMR TND`,
  4: `CLF UYW`,
} as const;

const facts = Object.entries(MINOR_UNITS).flatMap(([digits, codes]) =>
  codes.split(/\s+/).map((code): [string, number] => [code, Number(digits)]),
);

/** The codes of ISO 4217 without a minor unit: metals, funds, units of account, tests, none. */
const WITHOUT_MINOR_UNIT = 'XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX'.split(' ');

describe('currencies', () => {
  it('are all of ISO 4217 that have a minor unit, each once, sorted', () => {
    expect(CURRENCIES).toEqual(facts.map(([code]) => code).sort());
  });

  it.each(facts)('%s has %i digits', (code, digits) => {
    expect(isCurrency(code)).toBe(true);
    expect(currencyDigits(code)).toBe(digits);
  });

  it('are all valid for the GraphQL scalar', () => {
    for (const code of CURRENCIES) expect(CurrencyResolver.serialize(code)).toBe(code);
  });

  it.each(['ERU', 'QQQ', 'eur', 'EU', 'EURO', '', 'EUR ', '__proto__', ...WITHOUT_MINOR_UNIT])(
    '%j is not a currency',
    (code) => {
      expect(isCurrency(code)).toBe(false);
    },
  );
});
