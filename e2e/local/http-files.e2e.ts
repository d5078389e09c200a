// Not for a remote shop: signs in with the accounts of the demo.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fillIn, parseHttpFile } from '../testkit/http-file.ts';
import { send } from '../testkit/send.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const files = globSync('docs/*.http', { cwd: root }).toSorted();

/** The address of the shop in the files. */
const PRINTED = 'http://localhost:8080';

describe('the requests of', () => {
  it.each(files)('%s have the statuses of their titles, from top to bottom', async (file) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    const { variables, requests } = parseHttpFile(
      text.replaceAll(PRINTED, process.env['E2E_REST_URL'] ?? ''),
    );
    expect(requests.length).toBeGreaterThan(10);
    const responses = new Map<string, unknown>();
    for (const { status: expected, title, name, method, url, headers, body } of requests) {
      const fill = (part: string): string => fillIn(part, variables, responses);
      const { status, text: content } = await send({
        method,
        url: fill(url),
        headers: Object.fromEntries(headers.map(([key, value]) => [key, fill(value)])),
        body: body === '' ? undefined : fill(body),
      });
      expect([title, status, content]).toEqual([title, expected, content]);
      if (name !== '') responses.set(name, JSON.parse(content));
    }
  });

  it('customers and administrators', () => {
    expect(files).toEqual(['docs/administrator.http', 'docs/customer.http']);
  });
});
