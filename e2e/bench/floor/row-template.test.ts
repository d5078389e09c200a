import { describe, expect, it } from 'vitest';
import { insertOf, makeIdMap, parametersOf, type RowTemplate } from './row-template.ts';

const [ORDER, OTHER] = [
  '01970000-0000-7000-8000-000000000001',
  '01970000-0000-7000-8000-000000000002',
];

const column = (name: string, more: object = {}) => ({
  name,
  isJson: false,
  isUniqueText: false,
  ...more,
});

const template: RowTemplate = {
  table: 'payments',
  columns: [
    column('order_id'),
    column('answer', { isJson: true }),
    column('reference', { isUniqueText: true }),
    column('amount'),
  ],
  rows: [
    [ORDER, { id: ORDER, of: OTHER }, 'ch_1', 5],
    [OTHER, null, `key-${ORDER}`, 6],
  ],
};

describe('the rows of a purchase', () => {
  it('are inserted by one statement', () => {
    expect(insertOf(template)).toBe(
      'INSERT INTO floor."payments" ("order_id", "answer", "reference", "amount") ' +
        'VALUES ($1, $2, $3, $4), ($5, $6, $7, $8)',
    );
  });

  it('have new ids that agree with each other, and new unique texts', () => {
    let made = 9;
    const mapIds = makeIdMap(() => `01970000-0000-7000-8000-00000000000${(made -= 1)}`);
    const [order, other] = [mapIds(ORDER), mapIds(OTHER)];
    expect(order).not.toBe(ORDER);
    expect(parametersOf(template, mapIds, '-7')).toEqual([
      ...[order, JSON.stringify({ id: order, of: other }), 'ch_1-7', 5],
      ...[other, null, `key-${order}`, 6],
    ]);
  });
});
