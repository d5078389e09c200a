import { describe, expect, it } from '@jest/globals';
import { mayActFor } from './viewer.ts';

describe('who may act for an account', () => {
  it('is its owner and an administrator, and nobody else', () => {
    const customer = { id: 'ada', role: 'USER', sessionId: 's' } as const;
    expect(mayActFor(customer, 'ada')).toBe(true);
    expect(mayActFor(customer, 'bob')).toBe(false);
    expect(mayActFor({ ...customer, role: 'ADMIN' }, 'bob')).toBe(true);
    expect(mayActFor(null, 'ada')).toBe(false);
  });
});
