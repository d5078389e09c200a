import { expect, it } from 'vitest';
import { makePageLinks } from './page-links.ts';

it.each([
  ['/v1/orders', { next_cursor: 'a+/=' }, '</v1/orders?cursor=a%2B%2F%3D>; rel="next"'],
  [
    '/v1/products?q=large%20mug&cursor=old&limit=2',
    { next_cursor: 'n', prev_cursor: 'p' },
    '</v1/products?q=large+mug&limit=2&cursor=n>; rel="next", ' +
      '</v1/products?q=large+mug&limit=2&before=p>; rel="prev"',
  ],
  [
    '/v1/products?before=old&sku=A&sku=B',
    { next_cursor: null, prev_cursor: 'p' },
    '</v1/products?sku=A&sku=B&before=p>; rel="prev"',
  ],
  ['/v1/orders?limit=2', { next_cursor: null }, undefined],
  [
    '/v1/products?q=mug?&limit=2&category=kitchen&in_stock=true',
    { next_cursor: 'n' },
    '</v1/products?q=mug%3F&limit=2&category=kitchen&in_stock=true&cursor=n>; rel="next"',
  ],
  ['/v1/orders?x=%3E%22', { next_cursor: 'n' }, '</v1/orders?x=%3E%22&cursor=n>; rel="next"'],
])('links the pages beside %s', (url, page, link) => {
  expect(makePageLinks(url, page)).toBe(link);
});
