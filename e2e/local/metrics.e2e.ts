// Not for a remote shop: reads the private ports, which only its machine reaches.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventuallyInShop as eventually } from '@cartograph/testing';
import { newShopper } from '../testkit/accounts.ts';
import { graph } from '../testkit/graph.ts';
import { readMetrics, type ExportedMetric } from '../testkit/metrics.ts';
import { pay, placeOrder } from '../testkit/orders.ts';
import { rest } from '../testkit/rest.ts';

const FAILURES = 'shop_graphql_operation_error_total';

const APPS = ['rest', 'router', 'user', 'product', 'order', 'payment'];

const DOCUMENT = readFileSync(new URL('../../docs/operations/metrics.md', import.meta.url), 'utf8');

/** The rows of the table below a heading, as cells. */
const tableBelow = (heading: string): string[][] => {
  const section = DOCUMENT.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
};

/** The texts in backticks. */
const codesIn = (cell = ''): string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

const rows = tableBelow('The table').map(([otel, name, type, unit, labels, processes, from]) => ({
  otel: codesIn(otel)[0] ?? '',
  name: codesIn(name)[0] ?? '',
  type,
  unit,
  labels: codesIn(labels),
  processes: processes === 'all' ? APPS : (processes ?? '').split(', '),
  from: from ?? '',
}));

const rowOf = new Map(rows.map((row) => [row.name, row]));

/** Labels whose values are listed completely, and the metrics that each list is of. */
const OPEN_LABELS = new Set(['http_route', 'error_type', 'graphql_operation_name', 'type']);
const values = tableBelow('Values of labels')
  .map(([label, of, allowed]) => ({
    label: codesIn(label)[0] ?? '',
    of: codesIn(of).map((name) => new RegExp(`^${name.replaceAll('*', '.*')}$`)),
    allowed: codesIn(allowed),
  }))
  .filter(({ label }) => !OPEN_LABELS.has(label));

beforeAll(async () => {
  // What metrics with `use` in the table need: an error, a late payment with its webhook and its steps.
  await graph('{ nothing }');
  await graph('query MadeByAClient { nothing }');
  await rest('GET', '/v1/products?limit=1');
  const { token } = await newShopper();
  const { id } = await placeOrder(token);
  await pay(token, id, 'sim_late_success');
}, 120_000);

describe('the table of metrics', () => {
  it('has the name of each metric as /metrics prints it', () => {
    expect(rows.length).toBeGreaterThan(40);
    for (const { otel, name, type } of rows) {
      const printed = otel.replaceAll('.', '_') + (type === 'counter' ? '_total' : '');
      expect(name).toBe(printed);
    }
  });

  it('has every metric of every process, with its type, its unit and its labels', async () => {
    for (const [app, metrics] of await readMetrics()) {
      for (const { name, type, unit, samples } of metrics) {
        const row = rowOf.get(name);
        expect([app, name, row?.type, row?.unit]).toEqual([app, name, type, unit]);
        expect([name, row?.processes]).toEqual([name, expect.arrayContaining([app])]);
        const labels = new Set(samples.flatMap((sample) => Object.keys(sample)));
        for (const label of labels)
          expect([name, row?.labels]).toEqual([name, expect.arrayContaining([label])]);
      }
    }
  });

  it('has no series for names that a client makes', async () => {
    const operations = (await readMetrics()).get('router')?.find(({ name }) => name === FAILURES);
    const names = operations?.samples.map((sample) => sample['graphql_operation_name']);
    expect(names).toEqual(expect.arrayContaining(['anonymous', 'other']));
    expect(names).not.toContain('MadeByAClient');
    expect(operations?.samples).toContainEqual({
      graphql_operation_name: 'anonymous',
      error_type: 'GRAPHQL_VALIDATION_FAILED',
    });
  });

  it('has every value of every label that has a list of values', async () => {
    const exported = [...(await readMetrics()).values()].flat();
    const isListed = ({ name, samples }: ExportedMetric, label: string): boolean => {
      const lists = values.filter(
        (list) => list.label === label && list.of.some((of) => of.test(name)),
      );
      return samples.every((sample) =>
        lists.every((list) => list.allowed.includes(sample[label] ?? list.allowed[0] ?? '')),
      );
    };
    for (const metric of exported) {
      for (const { label } of values) {
        expect([metric.name, label, isListed(metric, label)]).toEqual([metric.name, label, true]);
      }
    }
  });

  it('has no metric that is not exported', async () => {
    await eventually(async () => {
      const exported = await readMetrics();
      const appsWith = (name: string): string[] =>
        APPS.filter((app) => exported.get(app)?.some((metric) => metric.name === name));
      for (const { name, from, processes } of rows) {
        if (from === 'start')
          expect([name, appsWith(name).sort()]).toEqual([name, [...processes].sort()]);
        if (from === 'use') expect([name, appsWith(name).length > 0]).toEqual([name, true]);
      }
    });
  });
});
