import { describe, expect, it } from 'vitest';
import { multiplyRows } from './multiply-rows.ts';

const [ORDER, USER] = [
  '01970000-0000-7000-8000-000000000001',
  '01970000-0000-7000-8000-000000000002',
];

const column = (name: string, more: object = {}) => ({
  name,
  isJson: false,
  isUniqueText: false,
  ...more,
});

describe('the copies of a row', () => {
  const sql = multiplyRows(
    {
      table: 'orders',
      columns: [
        column('id'),
        column('user_id'),
        column('answer', { isJson: true }),
        column('reference', { isUniqueText: true }),
        column('due_at'),
      ],
      rows: [[ORDER, USER, { id: ORDER }, 'ch_1', null]],
    },
    ['uuid', 'uuid', 'jsonb', 'text', 'timestamptz(3)'],
    new Map([[USER, 'md5(i::text)::uuid::text']]),
  );

  it('have the ids that are given, and new ones of version 7 elsewhere', () => {
    expect(sql).toContain(`replace('${USER}', '${USER}', md5(i::text)::uuid::text))::uuid`);
    expect(sql).toContain(`replace('${ORDER}', '${ORDER}', (lpad(to_hex(`);
    expect(sql).toContain(`replace('{"id":"${ORDER}"}', '${ORDER}', (lpad(to_hex(`);
  });

  it('have unique texts, and nothing where nothing is', () => {
    expect(sql).toContain(`('ch_1' || '-' || i)::text`);
    expect(sql).toContain('(NULL)::timestamptz(3)');
  });
});
