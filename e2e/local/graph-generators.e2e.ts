// Not for a remote shop: needs introspection, and the generators of this repository.
import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TADA_PROGRAM, TADA_SETTINGS } from '../graph-clients/gql-tada-program.ts';
import { openWorkspace, type Workspace } from '../graph-clients/open-workspace.ts';
import { MY_ORDERS, PAY_ORDER } from '../graph-clients/operations.ts';
import { newShopper, type Account } from '../testkit/accounts.ts';
import { graph } from '../testkit/graph.ts';
import { placeOrder } from '../testkit/orders.ts';
import { newProduct } from '../testkit/products.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const readApi = () => readFile(path.join(root, 'apps', 'router', 'api.graphql'), 'utf8');
const graphUrl = (): string => process.env['E2E_GRAPH_URL'] ?? '';

let workspace: Workspace;

beforeAll(async () => {
  workspace = await openWorkspace();
});

afterAll(() => workspace?.remove());

describe('gql.tada', () => {
  const CLI = 'gql.tada/bin/cli.js';
  const compile = async (program: string) => {
    await workspace.write('shop.ts', program);
    return workspace.run('typescript/bin/tsc', '--project', '.');
  };

  beforeAll(async () => {
    await workspace.write('tsconfig.json', JSON.stringify(TADA_SETTINGS));
    await workspace.write('shop.ts', TADA_PROGRAM);
  });

  it('makes types from the introspection of the router, and finds no fault in a program', async () => {
    const made = await workspace.run(CLI, 'generate-schema', graphUrl(), '-o', 'schema.graphql');
    expect(made).toMatchObject({ code: 0 });
    expect(await workspace.read('schema.graphql')).toContain('union PayOrderResult = ');
    expect(await workspace.run(CLI, 'generate-output')).toMatchObject({ code: 0 });
    expect(await workspace.run(CLI, 'check')).toMatchObject({ code: 0 });
    expect(await compile(TADA_PROGRAM)).toEqual({ code: 0, output: '' });
  });

  it('does not compile a field that is not there', async () => {
    const { code, output } = await compile(TADA_PROGRAM.replace('result.code', 'result.colour'));
    expect(code).toBe(2);
    expect(output).toContain("'colour' does not exist on type");
  });
});

describe('GraphQL Code Generator', () => {
  it('makes the same from introspection and from the committed file', async () => {
    await workspace.write('shop.graphql', MY_ORDERS + PAY_ORDER);
    // Without descriptions: the plugin writes those of scalars for a file only.
    const config = { disableDescriptions: true };
    const outputs = (folder: string, schema: string) => ({
      [`${folder}/types.ts`]: {
        schema,
        documents: './shop.graphql',
        plugins: ['typescript', 'typescript-operations'],
        config,
      },
      [`${folder}/possible-types.json`]: { schema, plugins: ['fragment-matcher'] },
    });
    const file = path.join(root, 'apps', 'router', 'api.graphql');
    const generates = { ...outputs('file', file), ...outputs('url', graphUrl()) };
    await workspace.write('codegen.json', JSON.stringify({ generates }));
    const cli = '@graphql-codegen/cli/esm/bin.js';
    expect(await workspace.run(cli, '--config', 'codegen.json')).toMatchObject({ code: 0 });
    for (const name of ['types.ts', 'possible-types.json']) {
      const fromFile = await workspace.read(`file/${name}`);
      expect(fromFile).toContain('TooManyUnitsHeldProblem');
      expect(await workspace.read(`url/${name}`)).toBe(fromFile);
    }
  });
});

describe("Relay's compiler", () => {
  const folder = path.join(root, 'e2e', 'graph-clients', 'relay');
  let shopper: Account;
  /** The operations that it wrote, by name. */
  let texts: ReadonlyMap<string, string>;

  const send = async (name: string, variables: object) => {
    const response = await graph(texts.get(name) ?? '', variables, { token: shopper.token });
    expect(response).toMatchObject({ status: 200, errors: [] });
    return response.data;
  };

  beforeAll(async () => {
    shopper = await newShopper();
    await workspace.write(
      'relay.config.json',
      await readFile(`${folder}/relay.config.json`, 'utf8'),
    );
  });

  it('compiles connections without a warning, and names operations by their SHA-256', async () => {
    await workspace.write('api.graphql', await readApi());
    await workspace.write('src/shop.ts', await readFile(`${folder}/shop.js`, 'utf8'));
    await workspace.write('persisted.json', '{}');
    const { code, output } = await workspace.run('relay-compiler/cli.js', 'relay.config.json');
    expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/Done\.\s*$/) });
    expect(output).not.toMatch(/warn|error/i);
    const persisted = JSON.parse(await workspace.read('persisted.json')) as Record<string, string>;
    for (const [id, text] of Object.entries(persisted)) {
      expect(id).toBe(createHash('sha256').update(text).digest('hex'));
    }
    const nameOf = (text: string): string => /(?:query|mutation) (\w+)/.exec(text)?.[1] ?? '';
    texts = new Map(Object.values(persisted).map((text) => [nameOf(text), text]));
    const page = await workspace.read('src/__generated__/shop_products.graphql.ts');
    expect(page).toContain('readonly amount: number;');
  });

  it('makes operations that the router answers, page after page', async () => {
    const products = await Promise.all(
      [1_500, 1_600, 1_700].map((price_cents) => newProduct({ stock: 1, price_cents })),
    );
    const skus = products.map(({ sku }) => sku);
    const { id: orderId } = await placeOrder(shopper.token);
    const filter = { skus };
    const first = await send('shopQuery', { filter });
    const { edges, pageInfo } = first.products;
    const rest = await send('shopProductsPageQuery', { filter, after: pageInfo.endCursor });
    const all = [...edges, ...rest.products.edges] as { node: { sku: string } }[];
    expect(all.map(({ node }) => node.sku)).toEqual(skus);
    expect(rest.products.pageInfo.hasNextPage).toBe(false);
    expect(first.me.orders.edges).toMatchObject([{ node: { id: orderId, status: 'PENDING' } }]);
    const { payOrder } = await send('shopPayMutation', { input: { orderId } });
    expect(payOrder).toMatchObject({ __typename: 'Order', id: orderId, status: 'CONFIRMED' });
    const unknown = await send('shopPayMutation', { input: { orderId: randomUUID() } });
    expect(unknown.payOrder).toMatchObject({ __isProblem: 'OrderNotFoundProblem' });
    const { me } = await send('shopOrdersPageQuery', { first: 5 });
    expect(me.orders.edges).toMatchObject([{ node: { id: orderId, status: 'CONFIRMED' } }]);
  });
});
