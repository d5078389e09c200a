/** Programs that buy something with a generated client: their text, since the client is made by a test. */

const OPENAPI_FETCH = `
import createClient from 'openapi-fetch';
import type { paths } from './openapi-typescript/schema';

const [, , baseUrl = '', email = '', password = '', sku = ''] = process.argv;

const buy = async (): Promise<string> => {
  const client = createClient<paths>({ baseUrl });
  const login = await client.POST('/v1/auth/login', { body: { email, password } });
  if (!login.data) throw new Error(login.error.code);
  const headers = { Authorization: \`Bearer \${login.data.access_token}\` };
  const product = await client.GET('/v1/products/by-sku/{sku}', { params: { path: { sku } } });
  if (!product.data) throw new Error(product.error?.code);
  const order = await client.POST('/v1/orders', {
    headers,
    params: { header: { 'Idempotency-Key': 'openapi-fetch' } },
    body: { items: [{ product_id: product.data.id, qty: 1 }] },
  });
  if (!order.data) throw new Error(order.error.code);
  const paid = await client.POST('/v1/orders/{id}/pay', {
    headers,
    params: { path: { id: order.data.id } },
    body: { payment_method: 'sim_success' },
  });
  if (!paid.data) throw new Error(paid.error.code);
  const total: number = paid.data.total_cents;
  return \`\${paid.data.status} \${paid.data.payment.status} \${total}\`;
};

void buy().then(console.log);
`;

const HEY_API = `
import { client } from './hey-api/client.gen';
import { createOrder, getProductBySku, login, payOrder } from './hey-api/sdk.gen';

const [, , baseUrl = '', email = '', password = '', sku = ''] = process.argv;

const buy = async (): Promise<string> => {
  client.setConfig({ baseUrl });
  const session = await login({ body: { email, password } });
  if (!session.data) throw new Error(session.error.code);
  const { access_token: token } = session.data;
  client.setConfig({ auth: () => token });
  const product = await getProductBySku({ path: { sku } });
  if (!product.data) throw new Error('no product');
  const order = await createOrder({
    headers: { 'Idempotency-Key': 'hey-api' },
    body: { items: [{ product_id: product.data.id, qty: 1 }] },
  });
  if (!order.data) throw new Error(order.error.code);
  const paid = await payOrder({
    path: { id: order.data.id },
    body: { payment_method: 'sim_success' },
  });
  if (!paid.data) throw new Error(paid.error.code);
  const total: number = paid.data.total_cents;
  return \`\${paid.data.status} \${paid.data.payment.status} \${total}\`;
};

void buy().then(console.log);
`;

const ORVAL = `
import { createOrder, getProductBySku, login, payOrder } from './orval/client';

const [, , , email = '', password = '', sku = ''] = process.argv;

const buy = async (): Promise<string> => {
  const session = await login({ email, password });
  if (session.status !== 200) throw new Error(session.data.code);
  const headers = { Authorization: \`Bearer \${session.data.access_token}\` };
  const product = await getProductBySku(sku);
  if (product.status !== 200) throw new Error('no product');
  const order = await createOrder(
    { items: [{ product_id: product.data.id, qty: 1 }] },
    { headers: { ...headers, 'Idempotency-Key': 'orval' } },
  );
  if (order.status !== 201) throw new Error(order.data.code);
  const paid = await payOrder(order.data.id, { payment_method: 'sim_success' }, { headers });
  if (paid.status !== 200) throw new Error('not paid');
  const total: number = paid.data.total_cents;
  return \`\${paid.data.status} \${paid.data.payment.status} \${total}\`;
};

void buy().then(console.log);
`;

/** What the functions that orval generates call: an application writes it. */
export const ORVAL_SEND = `
const [, , baseUrl = ''] = process.argv;

/** What the generated functions call: it has the address of the shop. */
export const send = async <Result>(path: string, init: RequestInit): Promise<Result> => {
  const response = await fetch(\`\${baseUrl}\${path}\`, init);
  return { status: response.status, data: await response.json(), headers: response.headers } as Result;
};
`;

/** By the name of the generator. */
export const PROGRAMS: Readonly<Record<string, string>> = {
  'openapi-fetch': OPENAPI_FETCH,
  'hey-api': HEY_API,
  orval: ORVAL,
};
