// Not for a remote shop: registers an account with a password that only a shop in development accepts.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { newShopper } from '../testkit/accounts.ts';
import { newProduct } from '../testkit/products.ts';

const run = promisify(execFile);

/** Requests as people type them: without a content type. */
const LINES = {
  health: 'curl :8080/healthz',
  register: `curl -XPOST :8080/v1/auth/register -d '{"email":"a@b.co","password":"P@ssw0rd"}' -H 'Content-Type: application/json'`,
  list: 'curl :8080/v1/products',
  order: `curl -XPOST :8080/v1/orders -H 'Authorization: Bearer <token>' -d '{"items":[{"product_id":"<id>","qty":1}]}'`,
};

/** Sends the request of a line to the shop of the tests. */
const sendLine = async (line: string): Promise<{ status: number; body: unknown }> => {
  const { host } = new URL(process.env['E2E_REST_URL'] ?? '');
  const prelude = `curl() { command curl --silent --write-out '\\n%{http_code}' "$@"; }`;
  const { stdout } = await run('bash', ['-c', `${prelude}\n${line.replace(':8080', host)}`]);
  const [status = '', ...lines] = stdout.split('\n').toReversed();
  return { status: Number(status), body: JSON.parse(lines.toReversed().join('\n')) as unknown };
};

it('requests by curl do what they say', async () => {
  expect(await sendLine(LINES.health)).toEqual({ status: 200, body: { status: 'ok' } });
  expect(await sendLine(LINES.register)).toMatchObject({
    status: 201,
    body: { user: { email: 'a@b.co' }, token_type: 'Bearer' },
  });
  expect(await sendLine(LINES.register)).toMatchObject({
    status: 409,
    body: { code: 'EMAIL_TAKEN' },
  });
  expect(await sendLine(LINES.list)).toMatchObject({
    status: 200,
    body: { page: { has_more: true } },
  });
  const product = await newProduct({ stock: 1 });
  const { token } = await newShopper();
  const line = LINES.order.replace('<token>', token).replace('<id>', product.id);
  expect(await sendLine(line)).toMatchObject({
    status: 201,
    body: { status: 'PENDING', items: [{ product_id: product.id, qty: 1 }] },
  });
});
