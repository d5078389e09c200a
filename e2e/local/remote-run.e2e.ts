// Not for a remote shop: runs npm run e2e against the shop of this machine, as if that were remote.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecord } from '../report/read-record.ts';
import type { Line } from '../testkit/record.ts';
import { admin } from '../testkit/accounts.ts';
import { UNCACHED } from '../testkit/products.ts';
import { rest } from '../testkit/rest.ts';

const MAIN = path.resolve(import.meta.dirname, '..', 'run', 'main.ts');

let report: string;
let end: { readonly code: unknown; readonly out: string };
let lines: readonly Line[];

beforeAll(async () => {
  report = mkdtempSync(path.join(tmpdir(), 'remote-run-'));
  const { E2E_REST_URL = '', E2E_GRAPH_URL = '' } = process.env;
  const words = ['--url', E2E_REST_URL, '--graphql', E2E_GRAPH_URL, '--report', report];
  const { promise, resolve } = Promise.withResolvers<typeof end>();
  execFile(process.execPath, [MAIN, 'scenarios', 'cancel-order', ...words], (error, out, err) =>
    resolve({ code: error ? error.code : 0, out: out + err }),
  );
  end = await promise;
  lines = readRecord(path.join(report, 'record.jsonl'));
});

afterAll(() => rmSync(report, { recursive: true }));

const read = (name: string) => readFileSync(path.join(report, name), 'utf8');

const madeIds = (wanted: string): readonly string[] =>
  lines.flatMap((line) => (line.kind === 'made' && line.what === wanted ? line.id : []));

describe('a run against a remote shop', () => {
  it('passes, and says what it cleaned up and what stays', () => {
    expect(end).toEqual({ code: 0, out: expect.stringContaining('2 of 2 files run against') });
    expect(end.out).toMatch(/Cleaned up: [1-9]\d* unpaid orders cancelled, [1-9]\d* products/);
    expect(end.out).toMatch(
      /Stays, .*: [1-9]\d* accounts \(\.\.\.@example\.com\), [1-9]\d* orders/,
    );
  });

  it('leaves no product for sale, and no order unpaid', async () => {
    const { token } = await admin();
    const [products, orders] = [madeIds('product'), madeIds('order')];
    expect([products.length > 5, orders.length > 5]).toEqual([true, true]);
    for (const id of products) {
      const { body } = await rest('GET', `/v1/products/${id}`, { token, headers: UNCACHED });
      expect(body).toMatchObject({ stock: 0, archived_at: expect.any(String) });
    }
    for (const id of orders) {
      const { body } = await rest('GET', `/v1/orders/${id}`, { token });
      expect(['CONFIRMED', 'CANCELLED']).toContain(body.status);
    }
  });

  it('reports the scenarios with their steps and traces', () => {
    for (const text of [read('report.html'), read('junit.xml')]) {
      expect(text).toContain('Payment failure rollback');
      expect(text).toContain('Insufficient stock path');
      expect(text).toContain('Create Order');
    }
    const html = read('report.html');
    expect(html).toMatch(
      /<span class="passed">✓<\/span> Register → Login → List Products → Create/,
    );
    const paid = lines.find((line) => line.kind === 'request' && line.step === 'Pay (success)');
    expect(paid).toMatchObject({ method: 'POST', status: 200 });
    expect(html).toContain(`<code>${paid?.kind === 'request' ? paid.traceId : ''}</code>`);
    expect(html).toContain('<li>tracing: reads the spans of the shop</li>');
  });
});
