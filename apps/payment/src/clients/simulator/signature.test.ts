import { describe, expect, it } from 'vitest';
import { signWebhook, verifyWebhook } from './signature.ts';

const SECRET = 'the-secret-of-the-simulator-0123456789';
const BODY = '{"id":"evt_1","text":"ü😀"}';
const NOW = 1_800_000_000_000;

const isValid = (signature: string, body = BODY, now = NOW, secret = SECRET) =>
  verifyWebhook(secret, body, signature, now);

describe('the signature of a webhook', () => {
  it('is an HMAC of time and body', () => {
    // echo -n '1800000000.{}' | openssl dgst -sha256 -hmac key
    expect(signWebhook('key', '{}', NOW)).toBe(
      't=1800000000,v1=7321475872b03ff21bdc2dfd86ea2d99ec29c479fbe4a77aa6acf4509505493f',
    );
  });

  it('is valid for exactly this body and secret', () => {
    const signature = signWebhook(SECRET, BODY, NOW);
    expect(isValid(signature)).toBe(true);
    for (const body of [`${BODY} `, BODY.replace('1', '2'), '', JSON.stringify(JSON.parse('{}'))]) {
      expect(isValid(signature, body)).toBe(false);
    }
    expect(isValid(signature, BODY, NOW, `${SECRET}!`)).toBe(false);
  });

  it('is valid for five minutes, with a clock skew in either direction', () => {
    const signature = signWebhook(SECRET, BODY, NOW);
    for (const drift of [300_000, -300_000]) {
      expect(isValid(signature, BODY, NOW + drift)).toBe(true);
      expect(isValid(signature, BODY, NOW + drift + Math.sign(drift))).toBe(false);
    }
  });

  it('is not valid with a newer timestamp', () => {
    const [, mac = ''] = signWebhook(SECRET, BODY, NOW - 600_000).split(',');
    expect(isValid(`t=${NOW / 1_000},${mac}`)).toBe(false);
  });

  it('is refused when it is malformed', () => {
    const signature = signWebhook(SECRET, BODY, NOW);
    const [time = '', mac = ''] = signature.split(',');
    const malformed = [
      '',
      ',',
      time,
      mac,
      `${mac},${time}`,
      `${signature},v1=`,
      `${signature} `,
      `${signature}\n`,
      `${time},v0=${mac.slice(3)}`,
      `${time},${mac.slice(0, -1)}`,
      `${time},${mac.toUpperCase()}`,
      `t=,${mac}`,
      `t=NaN,${mac}`,
      `t=-1,${mac}`,
      '\0'.repeat(100),
    ];
    for (const one of malformed) expect(isValid(one)).toBe(false);
  });
});
