import { describe, expect, it } from 'vitest';
import { makeGraph, type Edits } from '../test/small-graph.ts';
import type { Level } from './change.ts';
import { findChanges } from './find-changes.ts';

const main = makeGraph();

const find = async (edits: Edits) => findChanges(main, makeGraph(edits));

/** What changes of the small graph are, without their words. */
const levelsOf = async (edits: Edits) =>
  Object.fromEntries((await find(edits)).map(({ coordinate, level }) => [coordinate, level]));

describe('a change that clients can see', () => {
  it.each<[string, Edits, Record<string, Level>]>([
    ['nothing', {}, {}],
    ['a removed field', { product: { 'imageUrl: String': '' } }, { 'Lamp.imageUrl': 'breaking' }],
    [
      'a new field',
      { product: { 'watts: Int!': 'watts: Int! volts: Int' } },
      { 'Lamp.volts': 'safe' },
    ],
    [
      'a field that may be null',
      { product: { 'watts: Int!': 'watts: Int' } },
      { 'Lamp.watts': 'breaking' },
    ],
    [
      'a field that is never null',
      { product: { 'imageUrl: String': 'imageUrl: String!' } },
      { 'Lamp.imageUrl': 'safe' },
    ],
    [
      'a field of another type',
      { product: { 'watts: Int!': 'watts: Float!' } },
      { 'Lamp.watts': 'breaking' },
    ],
    [
      'an argument that is required now',
      { product: { 'id: ID, size': 'id: ID!, size' } },
      { 'Query.lamp(id:)': 'breaking' },
    ],
    [
      'a new argument that is required',
      { product: { 'first: Int)': 'first: Int, shop: ID!)' } },
      { 'Query.lamps(shop:)': 'breaking' },
    ],
    [
      'a new argument that is not',
      { product: { 'first: Int)': 'first: Int, shop: ID)' } },
      { 'Query.lamps(shop:)': 'safe' },
    ],
    [
      'a removed argument',
      { product: { '(first: Int)': '' } },
      { 'Query.lamps(first:)': 'breaking' },
    ],
    [
      'another default of an argument',
      { product: { 'size: Size = SMALL': 'size: Size = LARGE' } },
      { 'Query.lamp(size:)': 'dangerous' },
    ],
    [
      'another default of an input field',
      { order: { 'count: Int = 1': 'count: Int = 2' } },
      { 'OrderInput.count': 'dangerous' },
    ],
    [
      'an input field that is required now',
      { order: { 'note: String }\n    union': 'note: String! }\n    union' } },
      { 'OrderInput.note': 'breaking' },
    ],
    [
      'a new enum value',
      { product: { 'RED BLUE': 'RED BLUE GREEN' } },
      { 'Colour.GREEN': 'dangerous' },
    ],
    [
      'a new value of an enum that is only sent',
      { product: { 'SMALL LARGE': 'SMALL LARGE HUGE' } },
      { 'Size.HUGE': 'safe' },
    ],
    [
      'a new input field with a default',
      { order: { 'count: Int = 1': 'count: Int = 1 gift: Boolean! = false' } },
      { 'OrderInput.gift': 'safe' },
    ],
    [
      'a new input field that is required',
      { order: { 'count: Int = 1': 'count: Int = 1 gift: Boolean!' } },
      { 'OrderInput.gift': 'breaking' },
    ],
    ['a removed enum value', { product: { 'RED BLUE': 'RED' } }, { 'Colour.BLUE': 'breaking' }],
    [
      'a new union member',
      { order: { 'Order | OutOfStockProblem': 'Order | OutOfStockProblem | Slip' } },
      { OrderResult: 'dangerous' },
    ],
    [
      'a removed union member',
      { order: { 'Order | OutOfStockProblem': 'Order' } },
      { OrderResult: 'breaking' },
    ],
    [
      'a new interface of a type',
      { order: { 'type Slip {': 'type Slip implements Problem {' } },
      { Slip: 'dangerous' },
    ],
    [
      'an interface that is gone, and a field with it',
      {
        order: {
          'type OutOfStockProblem implements Problem { code: String! }':
            'type OutOfStockProblem { reason: String! }',
          'type Slip {': 'type Slip implements Problem {',
        },
      },
      {
        OutOfStockProblem: 'breaking',
        'OutOfStockProblem.code': 'breaking',
        'OutOfStockProblem.reason': 'safe',
        Slip: 'dangerous',
      },
    ],
    ['a description', { product: { '"One lamp."': '"A lamp."' } }, { 'Query.lamp': 'safe' }],
    [
      'a deprecation',
      { product: { 'imageUrl: String': 'imageUrl: String @deprecated(reason: "Old.")' } },
      { 'Lamp.imageUrl': 'safe' },
    ],
    [
      'a field that is hidden',
      { product: { 'imageUrl: String': 'imageUrl: String @inaccessible' } },
      { 'Lamp.imageUrl': 'breaking' },
    ],
    [
      'a stricter access rule',
      {
        product: {
          'lamps(first: Int): [Lamp!]! @auth(requires: PUBLIC)':
            'lamps(first: Int): [Lamp!]! @auth(requires: USER)',
        },
      },
      { 'Query.lamps': 'breaking' },
    ],
    [
      'a looser access rule',
      {
        order: {
          'order(id: ID!): Order @auth(requires: USER)':
            'order(id: ID!): Order @auth(requires: PUBLIC)',
        },
      },
      { 'Query.order': 'dangerous' },
    ],
    [
      'a new type, said once',
      {
        product: {
          'watts: Int!': 'watts: Int! plug: Plug',
          'enum Size': 'type Plug { pins: Int! volts(at: Int): Int } enum Size',
        },
      },
      { Plug: 'safe', 'Lamp.plug': 'safe' },
    ],
  ])('%s', async (_what, edits, levels) => {
    expect(await levelsOf(edits)).toEqual(levels);
  });

  it.each<[string, Edits, RegExp]>([
    [
      'a union member',
      { order: { 'Order | OutOf': 'Order | Slip | OutOf' } },
      /every member of the union/,
    ],
    ['an enum value', { product: { 'RED BLUE': 'RED BLUE GREEN' } }, /every value of the enum/],
    [
      'an interface',
      { order: { 'type Slip {': 'type Slip implements Problem {' } },
      /every type of the interface/,
    ],
  ])('says why %s is dangerous', async (_what, edits, reason) => {
    const [change] = await find(edits);
    expect(change?.reason).toMatch(reason);
  });
});

describe('a change that only routers and services see', () => {
  it('of a hidden field is judged as for its callers', async () => {
    const [change, ...others] = await find({
      product: { 'held(id: ID!): Int ': 'held(id: ID!, at: Int!): Int ' },
    });
    expect(others).toEqual([]);
    expect(change).toMatchObject({
      coordinate: 'Query.held(at:)',
      level: 'breaking',
      subgraph: 'product',
    });
  });

  it('is a type that moves to another subgraph: the order of the releases matters', async () => {
    const changes = await find({
      product: {
        'type Shade { id: ID! form: String }': '',
        'shades: [Shade!] @auth(requires: PUBLIC)': '',
      },
      order: {
        'type Slip {': 'type Shade { id: ID! form: String } type Slip {',
        'type Query {': 'type Query { shades: [Shade!] @auth(requires: PUBLIC) ',
      },
    });
    expect(changes.map(({ coordinate, level, message }) => [coordinate, level, message])).toEqual([
      ['Query.shades', 'dangerous', '`Query.shades` moved from product to order'],
      ['Shade', 'dangerous', '`Shade` moved from product to order'],
    ]);
    expect(changes[1]?.reason).toContain('a router with the former supergraph asks product for it');
  });

  it('is a field that one of two subgraphs answers for no more', async () => {
    const shared = { product: { 'type Shade {': 'type Shade @shareable {' } };
    const both = {
      ...shared,
      order: { 'type Slip {': 'type Shade @shareable { id: ID! form: String } type Slip {' },
    };
    const changes = await findChanges(makeGraph(both), makeGraph(shared));
    expect(changes).toMatchObject([
      {
        coordinate: 'Shade',
        level: 'dangerous',
        message: '`Shade` is left to product: order has it no more',
      },
    ]);
  });

  it('is not a reference to an entity that nothing uses any more', async () => {
    const edits = {
      order: {
        'lamp: Lamp note': 'note',
        'type Lamp @key(fields: "id", resolvable: false) { id: ID! }': '',
      },
    };
    expect(await levelsOf(edits)).toEqual({ 'Order.lamp': 'breaking' });
  });
});
