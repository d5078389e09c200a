import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildASTSchema, parse } from 'graphql';
import { addressSupergraph } from './open-hive.ts';

const supergraph = readFileSync(
  new URL('../../../apps/router/supergraph.graphql', import.meta.url),
  'utf8',
);

describe('the supergraph for another gateway', () => {
  it('has the addresses of a shop, and is the same otherwise', () => {
    const addressed = addressSupergraph(supergraph, (name) => `http://127.0.0.1/${name}`);
    const urls = [...addressed.matchAll(/join__graph\(name: "(\w+)", url: "([^"]+)"\)/g)];
    expect(urls.map(([, name, url]) => [name, url])).toEqual(
      ['order', 'payment', 'product', 'user'].map((name) => [name, `http://127.0.0.1/${name}`]),
    );
    const typesOf = (sdl: string) =>
      Object.keys(buildASTSchema(parse(sdl), { assumeValid: true }).getTypeMap());
    expect(typesOf(addressed)).toEqual(typesOf(supergraph));
  });

  it('must have the subgraphs of the shop', () => {
    const sdl = 'enum join__Graph { CART @join__graph(name: "cart", url: "http://127.0.0.1/") }';
    expect(() => addressSupergraph(sdl, () => '')).toThrow('there is no service cart');
  });
});
