import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findBreakingChanges, type Contract } from './find-breaking-changes.ts';
import { base, compare, json, problem } from './test/small-contract.ts';

const POST = 'paths /orders post';
const BODY = `${POST} requestBody content application/json schema`;
const GET = 'paths /orders get';
const ORDER = 'components schemas Order';

describe('what breaks a client', () => {
  it.each<[string, string, unknown, string]>([
    ['a path', 'paths /me', undefined, 'GET /me: is no longer there'],
    ['an operation', POST, undefined, 'POST /orders: is no longer there'],
    [
      'the name of an operation',
      `${POST} operationId`,
      'makeOrder',
      'POST /orders: operationId was createOrder, is makeOrder',
    ],
    ['a sign-in', `${GET} security`, [{ bearer: [] }], 'GET /orders: requires a sign-in now'],
    [
      'an optional sign-in',
      'paths /me get security',
      [{ bearer: [] }],
      'GET /me: requires a sign-in now',
    ],
    [
      'a parameter',
      `${GET} parameters`,
      base.paths['/orders'].get.parameters.slice(1),
      'GET /orders: query parameter q: is no longer known',
    ],
    [
      'a required parameter',
      `${GET} parameters 0 required`,
      true,
      'GET /orders: query parameter q: is required now',
    ],
    [
      'a bound of a parameter',
      `${GET} parameters 0 schema maxLength`,
      5,
      'GET /orders: query parameter q: maxLength was none, is 5',
    ],
    [
      'a required body',
      `${POST} requestBody required`,
      true,
      'POST /orders: body: is required now',
    ],
    ['a body', `${POST} requestBody`, undefined, 'POST /orders: body: is no longer known'],
    [
      'the media type of a body',
      `${POST} requestBody content`,
      { 'application/xml': {} },
      'POST /orders: body: application/json is no longer accepted',
    ],
    [
      'a required member',
      `${BODY} required`,
      ['qty', 'text'],
      'POST /orders: body: text: is required now',
    ],
    [
      'a member of a body',
      `${BODY} properties text`,
      undefined,
      'POST /orders: body: text: is no longer known',
    ],
    [
      'other members',
      `${BODY} additionalProperties`,
      false,
      'POST /orders: body: other members are no longer accepted',
    ],
    [
      'a type of a body',
      `${BODY} properties price type`,
      'integer',
      'POST /orders: body: price: was number, is integer',
    ],
    [
      'null in a body',
      `${BODY} properties note`,
      { type: 'string' },
      'POST /orders: body: note: no longer accepts "null"',
    ],
    [
      'a value of a body',
      `${BODY} properties size enum`,
      ['S'],
      'POST /orders: body: size: no longer accepts "L"',
    ],
    [
      'any value of a body',
      `${BODY} properties text enum`,
      ['x'],
      'POST /orders: body: text: no longer accepts "any value"',
    ],
    [
      'a lower maximum',
      `${BODY} properties qty maximum`,
      9,
      'POST /orders: body: qty: maximum was 10, is 9',
    ],
    [
      'a higher minimum',
      `${BODY} properties qty minimum`,
      2,
      'POST /orders: body: qty: minimum was 1, is 2',
    ],
    [
      'a shorter text',
      `${BODY} properties text maxLength`,
      19,
      'POST /orders: body: text: maxLength was 20, is 19',
    ],
    [
      'a longer text',
      `${BODY} properties text minLength`,
      2,
      'POST /orders: body: text: minLength was 1, is 2',
    ],
    [
      'a shorter list',
      `${BODY} properties list maxItems`,
      4,
      'POST /orders: body: list: maxItems was 5, is 4',
    ],
    [
      'an item of a list',
      `${BODY} properties list items pattern`,
      '^x',
      'POST /orders: body: list.[]: pattern is no longer the same',
    ],
    [
      'a format of a body',
      `${BODY} properties text format`,
      'uuid',
      'POST /orders: body: text: format is no longer the same',
    ],
    [
      'an excluded value',
      `${BODY} properties qty not`,
      { const: 5 },
      'POST /orders: body: qty: not is no longer the same',
    ],
    [
      'a response',
      `${GET} responses 404`,
      undefined,
      'GET /orders: response 404: is no longer there',
    ],
    [
      'a header of a response',
      `${GET} responses 200 headers`,
      {},
      'GET /orders: response 200: header ETag is no longer there',
    ],
    [
      'the media type of a response',
      'components responses NotFound content',
      json({}),
      'GET /orders: response 404: application/problem+json is no longer sent',
    ],
    [
      'a member of a problem',
      'components schemas A allOf 1 properties left',
      undefined,
      'GET /orders: response 404: left: is no longer there',
    ],
  ])('%s', (_what, path, value, sentence) => {
    expect(compare(path, value)).toEqual([sentence]);
  });

  it.each<[string, string, unknown, string]>([
    ['a member', `${ORDER} properties note`, undefined, 'note: is no longer there'],
    [
      'a member that is always there',
      `${ORDER} required`,
      ['id', 'items'],
      'status: can be absent now',
    ],
    ['a type', `${ORDER} properties id type`, 'integer', 'id: was string, is integer'],
    ['a format', `${ORDER} properties id format`, undefined, 'id: format is no longer the same'],
    [
      'a new value',
      `${ORDER} properties status enum`,
      ['PENDING', 'PAID', 'LOST'],
      'status: can now be "LOST"',
    ],
    ['any value', `${ORDER} properties status enum`, undefined, 'status: can now be "any value"'],
    [
      'null',
      `${ORDER} properties id`,
      { anyOf: [{ type: 'string', format: 'uuid' }, { type: 'null' }] },
      'id: can now be "null"',
    ],
    [
      'a member of an item',
      `${ORDER} properties items items properties qty`,
      undefined,
      'items.[].qty: is no longer there',
    ],
  ])('%s of a response, in every operation that sends it', (_what, path, value, fault) => {
    expect(compare(path, value)).toEqual([
      `GET /orders: response 200: ${fault}`,
      `POST /orders: response 201: ${fault}`,
    ]);
  });
});

describe('what breaks no client', () => {
  it.each<[string, string, unknown]>([
    ['nothing', 'paths /me get operationId', 'getMe'],
    ['a sign-in that is optional', `${GET} security`, [{}, { bearer: [] }]],
    ['a sign-in that is optional now', `${POST} security`, [{ bearer: [] }, {}]],
    ['a new path', 'paths /new', { get: { responses: {} } }],
    ['a new operation', 'paths /me post', { responses: {} }],
    ['a new response', `${GET} responses 503`, { content: problem({}) }],
    ['a new header of a response', `${GET} responses 200 headers Age`, {}],
    ['a member of a response', `${ORDER} properties total`, { type: 'integer' }],
    ['a member that is now always there', `${ORDER} required`, ['id', 'status', 'items', 'note']],
    ['a value that is no longer sent', `${ORDER} properties status enum`, ['PAID']],
    ['null that is no longer sent', `${ORDER} properties note`, { type: 'string' }],
    ['a bound of a response', `${ORDER} properties id maxLength`, 36],
    ['an optional member of a body', `${BODY} properties new`, { type: 'string' }],
    ['a wider bound', `${BODY} properties qty maximum`, 11],
    ['a wider type', `${BODY} properties qty type`, 'number'],
    ['a new value of a body', `${BODY} properties size enum`, ['S', 'M', 'L']],
    ['a new code', 'components schemas Problem properties code enum', ['A', 'B', 'C']],
    [
      'another problem of a status',
      'components responses NotFound content',
      problem({
        oneOf: [{ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/Problem' }],
      }),
    ],
    ['a description', `${ORDER} description`, 'An order.'],
  ])('%s', (_what, path, value) => {
    expect(compare(path, value)).toEqual([]);
  });

  it('is found in the committed document', () => {
    const file = new URL('../../apps/rest/openapi.json', import.meta.url);
    const document = JSON.parse(readFileSync(file, 'utf8')) as Contract;
    expect(findBreakingChanges(document, document)).toEqual([]);
  });
});
