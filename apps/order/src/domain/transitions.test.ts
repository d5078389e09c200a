import { describe, expect, it } from '@jest/globals';
import { statusesBefore, TRANSITIONS } from './transitions.ts';

describe('the life of an order', () => {
  it('ends confirmed or cancelled, each from pending alone', () => {
    expect(statusesBefore('CONFIRMED')).toEqual(['PENDING']);
    expect(statusesBefore('CANCELLED')).toEqual(['PENDING']);
  });

  it('never begins again', () => {
    expect(statusesBefore('PENDING')).toEqual([]);
    expect(TRANSITIONS.CONFIRMED).toEqual([]);
    expect(TRANSITIONS.CANCELLED).toEqual([]);
  });
});
