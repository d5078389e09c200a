import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expensiveTexts, findTextInputs, leastCpuMs, overlongTexts } from '@cartograph/testing';
import type { InjectOptions } from 'fastify';
import { failWith } from './kit/shop.ts';
import { startRest, type Reply, type Rest } from './kit/start-rest.ts';
import { findTextFields, type TextField } from './kit/text-fields.ts';

/** What one request may cost, with the router of the test, which is in this process. */
const MAX_CPU_MS = 50;

/** What the server reads: 512 KiB of a body, 16 KiB of a request line and headers together. */
const BODY_BYTES = 500_000;
const HEAD_BYTES = 5_000;

/** What a header may hold: RFC 9110, section 5.5. */
const isHeaderText = (text: string): boolean => /^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(text);

let rest: Rest;
let fields: readonly TextField[];

beforeAll(async () => {
  rest = await startRest();
  fields = await findTextFields(rest.app);
  // The graph refuses every request, so that no response depends on its content.
  const refusals = new Proxy({}, { get: () => failWith('UNAUTHENTICATED') });
  rest.router.respond(refusals);
  for (const field of fields) await rest.sendRaw(field.makeRequest('a'));
});

afterAll(() => rest.close());

const costOf = (request: InjectOptions): Promise<number> =>
  leastCpuMs(() => rest.app.inject(request), MAX_CPU_MS);

const textsOf = ({ part, maxLength, isList }: TextField, turn: number) => {
  const length = maxLength ?? 0;
  const isTooLong = (text: string): boolean =>
    (isList ? text.split(',') : [text]).some((one) => [...one].length > length);
  const allowed = expensiveTexts(part === 'body' ? length : Math.min(length, 1_000));
  const tooLong = overlongTexts(length, part === 'body' ? BODY_BYTES : HEAD_BYTES, turn);
  return [
    ...allowed.map((text) => ({ ...text, isTooLong: false })),
    ...tooLong.map((text) => ({ ...text, isTooLong: isTooLong(text.text) })),
  ].filter(({ text }) => part !== 'header' || isHeaderText(text));
};

describe('the texts that a client may write', () => {
  it('are found, and each says how long it may be', () => {
    expect(fields.length).toBeGreaterThan(50);
    expect(new Set(fields.map(({ part }) => part))).toEqual(
      new Set(['body', 'header', 'path', 'query']),
    );
    expect(fields.filter(({ maxLength }) => maxLength === null)).toEqual([]);
  });

  it('get a typed response at little cost, and none that is too long is forwarded', async () => {
    const faults: string[] = [];
    for (const [turn, field] of fields.entries()) {
      for (const { name, text, isTooLong } of textsOf(field, turn)) {
        const request = field.makeRequest(text);
        const before = rest.router.received.length;
        const replies: Reply[] = [];
        const send = async () => replies.push(await rest.sendRaw(request));
        const cost = await leastCpuMs(send, MAX_CPU_MS);
        // If it is sent again to be measured, the first reply counts.
        const { status, body } = replies[0] as Reply;
        const isForwarded = rest.router.received.length > before;
        // A parameter that is too long names nothing: some routes say so by asking for nothing.
        const isRefused = field.part === 'path' || !isForwarded;
        const isTyped = status >= 400 && status < 500 && typeof body['code'] === 'string';
        const length = JSON.stringify(body).length;
        if (!isTyped || (isTooLong && !isRefused) || length > 5_000 || cost >= MAX_CPU_MS) {
          faults.push(`${field.place} of ${name}: ${status} in ${Math.round(cost)} ms`);
          // One fault per field is enough: some texts may cost seconds.
          break;
        }
      }
    }
    expect(faults).toEqual([]);
  });
});

/** What the graph calls otherwise. */
const GRAPH_NAMES = new Map([
  ['cursor', 'after'],
  ['q', 'text'],
  ['sku', 'skus'],
  ['category', 'categories'],
]);

const toGraphName = (name: string): string =>
  GRAPH_NAMES.get(name) ??
  (name.split('.').at(-1) ?? '')
    .toLowerCase()
    .replace(/[_-](\w)/g, (_, letter: string) => letter.toUpperCase());

describe('a text that the graph has too', () => {
  const inputs = ['user', 'product', 'order', 'payment'].flatMap((service) =>
    findTextInputs(new URL(`../../${service}/schema.graphql`, import.meta.url)),
  );
  const lengths = Map.groupBy(inputs, ({ coordinate }) =>
    coordinate.replace(/^.*[.(](\w+)\)$/, '$1'),
  );

  it('is as long in both', () => {
    const shared = fields
      .filter(({ part }) => part !== 'path')
      .flatMap(({ place, name, maxLength }) => {
        const known = lengths.get(toGraphName(name))?.map((input) => input.maxLength);
        return known ? [{ place, maxLength, known }] : [];
      });
    expect(shared.length).toBeGreaterThan(30);
    // Scalars of the graph have rules of their own, and it counts a password after it normalised it.
    const differing = shared.filter(
      ({ place, maxLength, known }) =>
        !known.includes(maxLength) && !/ (currency|updated_since|\w*password)$/.test(place),
    );
    expect(differing).toEqual([]);
  });
});

describe('the body of a webhook', () => {
  const deliver = (text: string): InjectOptions => ({
    method: 'POST',
    url: '/v1/webhooks/payments/simulator',
    headers: { 'simulator-signature': 't=1,v1=ab' },
    payload: Buffer.from(text),
  });

  it.each(overlongTexts(0, 256 * 1024, 1))('of $name is read at little cost', async ({ text }) => {
    expect((await rest.sendRaw(deliver(text))).status).toBe(401);
    expect(await costOf(deliver(text))).toBeLessThan(MAX_CPU_MS);
  });
});
