import { describe, expect, it } from '@jest/globals';
import { signWebhook, verifyWebhook } from './signature.ts';

const SECRET = 'the-secret-of-the-simulator-0123456789';
const BODY = '{"id":"evt_1","text":"ü😀"}';
const NOW = 1_800_000_000_000;

const isGood = (signature: string, body = BODY, now = NOW, secret = SECRET) =>
  verifyWebhook(secret, body, signature, now);

describe('the signature of a webhook', () => {
  it('is what the scheme says: an HMAC of time and body', () => {
    // echo -n '1800000000.{}' | openssl dgst -sha256 -hmac key
    expect(signWebhook('key', '{}', NOW)).toBe(
      't=1800000000,v1=7321475872b03ff21bdc2dfd86ea2d99ec29c479fbe4a77aa6acf4509505493f',
    );
  });

  it('proves the body as it came, to the byte', () => {
    const signature = signWebhook(SECRET, BODY, NOW);
    expect(isGood(signature)).toBe(true);
    for (const body of [`${BODY} `, BODY.replace('1', '2'), '', JSON.stringify(JSON.parse('{}'))]) {
      expect(isGood(signature, body)).toBe(false);
    }
    expect(isGood(signature, BODY, NOW, `${SECRET}!`)).toBe(false);
  });

  it('is good for five minutes, whichever clock is ahead', () => {
    const signature = signWebhook(SECRET, BODY, NOW);
    for (const drift of [300_000, -300_000]) {
      expect(isGood(signature, BODY, NOW + drift)).toBe(true);
      expect(isGood(signature, BODY, NOW + drift + Math.sign(drift))).toBe(false);
    }
  });

  it('can not be made fresh again', () => {
    const [, mac = ''] = signWebhook(SECRET, BODY, NOW - 600_000).split(',');
    expect(isGood(`t=${NOW / 1_000},${mac}`)).toBe(false);
  });

  it('is no garbage', () => {
    const signature = signWebhook(SECRET, BODY, NOW);
    const [time = '', mac = ''] = signature.split(',');
    const garbage = [
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
    for (const one of garbage) expect(isGood(one)).toBe(false);
  });
});
