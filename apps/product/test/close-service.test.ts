import { expect, it } from 'vitest';
import { openProduct } from './open-product.ts';

it('a service that only served reads closes all its connections', async () => {
  const catalogue = await openProduct();
  const { data } = await catalogue.asRouter('{ products(first: 1) { nodes { id } } }');
  expect(data.products.nodes).toEqual([]);
  // Fails when a connection is left.
  await catalogue.close();
});
