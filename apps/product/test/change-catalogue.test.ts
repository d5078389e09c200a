import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProduct, type ProductService } from './open-product.ts';

let catalogue: ProductService;

beforeAll(async () => {
  catalogue = await openProduct();
});

afterAll(() => catalogue.close());

const PRODUCT =
  'id sku name description price { amount currency } stock category imageUrl version createdAt';

const CREATE = `mutation ($input: CreateProductInput!) {
  createProduct(input: $input) {
    __typename
    ... on Product { ${PRODUCT} }
    ... on Problem { code message }
    ... on SkuTakenProblem { sku }
    ... on ValidationFailedProblem { fields { path message } }
  }
}`;

const UPDATE = `mutation ($input: UpdateProductInput!) {
  updateProduct(input: $input) {
    __typename
    ... on Product { ${PRODUCT} }
    ... on Problem { code message }
    ... on ProductNotFoundProblem { productId }
    ... on VersionConflictProblem { currentVersion }
    ... on ValidationFailedProblem { fields { path } }
  }
}`;

const ADJUST = `mutation ($input: AdjustStockInput!) {
  adjustStock(input: $input) { __typename }
}`;

const newProduct = (fields: object = {}) => ({
  input: { sku: randomUUID(), name: 'A mug', price: { amount: 990, currency: 'EUR' }, ...fields },
});

describe('createProduct', () => {
  it('adds a product that every caller can read', async () => {
    const variables = newProduct({ stock: 3, imageUrl: 'https://example.com/mug.png' });
    const { data } = await catalogue.asAdmin(CREATE, variables);
    expect(data.createProduct).toMatchObject({
      __typename: 'Product',
      ...variables.input,
      description: '',
      category: 'general',
      version: 1,
    });
    const { id } = data.createProduct as { id: string };
    const read = await catalogue.asRouter(`query ($id: ID) { product(id: $id) { ${PRODUCT} } }`, {
      id,
    });
    expect({ __typename: 'Product', ...read.data.product }).toEqual(data.createProduct);
  });

  it('gives a SKU to one of several concurrent requests', async () => {
    const variables = newProduct();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => catalogue.asAdmin(CREATE, variables)),
    );
    const results = answers.map(({ data }) => data.createProduct);
    expect(results.filter((result) => result.__typename === 'Product')).toHaveLength(1);
    expect(results.filter((result) => result.code === 'SKU_TAKEN')).toHaveLength(9);
    expect(results.find((result) => result.code === 'SKU_TAKEN').sku).toBe(variables.input.sku);
  });

  it('stores the largest price exactly', async () => {
    const price = { amount: Number.MAX_SAFE_INTEGER, currency: 'EUR' };
    const { data } = await catalogue.asAdmin(CREATE, newProduct({ price }));
    expect(data.createProduct.price).toEqual(price);
  });

  it('stores any text unchanged', async () => {
    const name = `<b>Robert'); DROP TABLE products;--</b> \u202e 😀 \\ %`;
    const { data } = await catalogue.asAdmin(CREATE, newProduct({ name, description: name }));
    expect(data.createProduct).toMatchObject({ name, description: name });
  });

  it.each([
    ['sku', 'is empty', ''],
    ['sku', 'has a space', 'two words'],
    ['sku', 'is SQL', "x'; DROP TABLE products"],
    ['sku', 'ends in a new line', 'line\n'],
    ['sku', 'is too long', 'x'.repeat(65)],
    ['name', 'is empty', ''],
    ['name', 'is too long', 'x'.repeat(201)],
    ['name', 'has a NUL', 'nul\0'],
    ['name', 'has half a character', 'half \ud83d'],
    ['description', 'has a NUL', 'nul\0'],
    ['description', 'is too long', 'x'.repeat(10_001)],
    ['category', 'is in upper case', 'Upper-Case'],
    ['category', 'has two hyphens', 'two--hyphens'],
    ['category', 'is too long', 'x'.repeat(61)],
    ['imageUrl', 'is a script', 'javascript:alert(1)'],
    ['imageUrl', 'is not of the web', 'ftp://example.com/a.png'],
    ['imageUrl', 'is no address', 'no address'],
    ['imageUrl', 'holds a NUL', 'https://example.com/a\0b.png'],
    ['imageUrl', 'would break out of a page', 'https://example.com/"><script>'],
    ['imageUrl', 'holds a space', 'https://example.com/a b.png'],
    ['imageUrl', 'is too long', `https://example.com/${'x'.repeat(2_000)}`],
    ['stock', 'is below nothing', -1],
    ['stock', 'is more than a warehouse holds', 1_000_000_001],
    ['price.amount', 'is below nothing', -1],
  ])('refuses a %s that %s', async (path, _fault, value) => {
    const fields =
      path === 'price.amount' ? { price: { amount: value, currency: 'EUR' } } : { [path]: value };
    const { data, errors } = await catalogue.asAdmin(CREATE, newProduct(fields));
    expect(errors).toEqual([]);
    expect(data.createProduct).toMatchObject({ code: 'VALIDATION_FAILED', fields: [{ path }] });
  });

  it('names all faults together', async () => {
    const { data } = await catalogue.asAdmin(
      CREATE,
      newProduct({ sku: '', name: '', stock: -1, category: '' }),
    );
    const paths = data.createProduct.fields.map((fault: { path: string }) => fault.path);
    expect(new Set(paths)).toEqual(new Set(['sku', 'name', 'stock', 'category']));
  });

  it('refuses values that the types of the graph do not allow', async () => {
    const prices = [
      { amount: 1.5, currency: 'EUR' },
      { amount: 2 ** 53, currency: 'EUR' },
      { amount: 1, currency: 'euro' },
    ];
    for (const price of prices) {
      const { errors } = await catalogue.asAdmin(CREATE, newProduct({ price }));
      expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });
});

describe('updateProduct', () => {
  const update = (input: object) => catalogue.asAdmin(UPDATE, { input });

  it('changes given fields and no others', async () => {
    const { id } = await catalogue.addProduct({
      name: 'Old name',
      description: 'Old words',
      imageUrl: 'https://example.com/old.png',
    });
    const { data } = await update({ id, version: 1, name: 'New name' });
    expect(data.updateProduct).toMatchObject({
      name: 'New name',
      description: 'Old words',
      price: { amount: 1999, currency: 'EUR' },
      category: 'general',
      imageUrl: 'https://example.com/old.png',
      stock: 10,
      version: 2,
    });
  });

  it.each(['name', 'description', 'price', 'category', 'images'])(
    'refuses to clear the %s',
    async (field) => {
      const { id } = await catalogue.addProduct();
      const { errors } = await update({ id, version: 1, imageUrl: null, [field]: null });
      expect(errors[0]).toMatchObject({
        message: `${field} must not be null: leave it out to leave it as it is`,
        extensions: { code: 'BAD_USER_INPUT' },
      });
    },
  );

  it('clears the image with null', async () => {
    const { id } = await catalogue.addProduct({ imageUrl: 'https://example.com/old.png' });
    const { data } = await update({ id, version: 1, imageUrl: null });
    expect(data.updateProduct).toMatchObject({ imageUrl: null, name: 'A thing' });
  });

  it('accepts one of several concurrent changes of a version, and returns the new version to the others', async () => {
    const { id } = await catalogue.addProduct();
    const names = Array.from({ length: 10 }, (_, index) => `Name ${index}`);
    const answers = await Promise.all(names.map((name) => update({ id, version: 1, name })));
    const results = answers.map(({ data }) => data.updateProduct);
    expect(results.filter((result) => result.__typename === 'Product')).toHaveLength(1);
    const lost = results.filter((result) => result.code === 'VERSION_CONFLICT');
    expect(lost.map((result) => result.currentVersion)).toEqual(Array(9).fill(2));
  });

  it('finds no product of an unknown id, and refuses invalid fields', async () => {
    const id = randomUUID();
    const { data } = await update({ id, version: 1, name: 'x' });
    expect(data.updateProduct).toMatchObject({ code: 'PRODUCT_NOT_FOUND', productId: id });
    const wrong = await update({ id: 'nonsense', version: 0, name: '' });
    expect(wrong.data.updateProduct.fields).toEqual([
      { path: 'id' },
      { path: 'version' },
      { path: 'name' },
    ]);
  });
});

describe('changes of the catalogue', () => {
  it('are for administrators only', async () => {
    const { id, version } = await catalogue.addProduct();
    const changes = [
      [CREATE, newProduct()],
      [UPDATE, { input: { id, version, name: 'Mine' } }],
      [ADJUST, { input: { productId: id, delta: 1000, reason: 'mine' } }],
    ] as const;
    for (const [mutation, variables] of changes) {
      const anonymous = await catalogue.asRouter(mutation, variables);
      expect(anonymous.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
      const shopper = await catalogue.asShopper(mutation, variables);
      expect(shopper.errors[0]?.extensions.code).toBe('FORBIDDEN');
      const service = await catalogue.asOrderService(mutation, variables);
      expect(service.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    }
    expect(await catalogue.readStock(id)).toBe(10);
  });
});
