import { readFileSync } from 'node:fs';
import { eventTypes, type EventType } from '@cartograph/events';
import { describe, expect, it } from 'vitest';

const document = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8');

/** The first cells of the table of a section. */
const fieldsOf = (heading: string): string[] => {
  const [section = ''] = document.split(`### ${heading}\n`)[1]?.split('\n#') ?? [];
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('`')[1] ?? '');
};

const types = Object.keys(eventTypes) as EventType[];

describe('docs/events.md', () => {
  it('lists every type with its source, and no other', () => {
    const rows = [...document.matchAll(/^\| `(\w+\.\w+)` +\| `(\/\w+)` +\|/gm)];
    expect(rows.map(([, type, source]) => [type, source])).toEqual(
      types.map((type) => [type, eventTypes[type].source]),
    );
  });

  it.each([
    ['Data of `order.*`', 'order.confirmed', []],
    ['Data of `payment.*`', 'payment.succeeded', []],
    ['Data of `payment.failed`', 'payment.failed', ['payment.succeeded']],
    ['Data of `payment.refunded`', 'payment.refunded', ['payment.succeeded']],
    ['Data of `stock.low`', 'stock.low', []],
  ] as const)('%s names each of its fields', (heading, type, inherited) => {
    const known = inherited.flatMap((name) => Object.keys(eventTypes[name].data.shape));
    const own = Object.keys(eventTypes[type].data.shape).filter((name) => !known.includes(name));
    expect(own.length).toBeGreaterThan(0);
    expect(fieldsOf(heading)).toEqual(own);
  });
});
