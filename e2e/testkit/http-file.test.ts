import { describe, expect, it } from 'vitest';
import { fillIn, parseHttpFile } from './http-file.ts';

const FILE = `# About it.

@api = http://localhost:8080/v1

### 201 Order a thing
# @name order
POST {{api}}/orders
If-Match: "1"
Content-Type: application/json

{
  "qty": 1
}

### 200 Read it
GET {{api}}/orders/{{order.response.body.$.id}}
`;

describe('an .http file', () => {
  it('has variables and requests', () => {
    const { variables, requests } = parseHttpFile(FILE);
    expect([...variables]).toEqual([['api', 'http://localhost:8080/v1']]);
    expect(requests).toEqual([
      {
        status: 201,
        title: 'Order a thing',
        name: 'order',
        method: 'POST',
        url: '{{api}}/orders',
        headers: [
          ['If-Match', '"1"'],
          ['Content-Type', 'application/json'],
        ],
        body: '{\n  "qty": 1\n}',
      },
      {
        status: 200,
        title: 'Read it',
        name: '',
        method: 'GET',
        url: '{{api}}/orders/{{order.response.body.$.id}}',
        headers: [],
        body: '',
      },
    ]);
  });

  it('names values of variables and of responses', () => {
    const variables = new Map([['api', 'http://a']]);
    const responses = new Map([['list', { data: [{ id: 7 }, { id: 8 }] }]]);
    expect(fillIn('{{api}}/{{list.response.body.$.data[1].id}}', variables, responses)).toBe(
      'http://a/8',
    );
    expect(fillIn('{{$guid}}', variables, responses)).toMatch(/^[0-9a-f-]{36}$/);
    for (const missing of ['{{none}}', '{{list.response.body.$.data[2].id}}']) {
      expect(() => fillIn(missing, variables, responses)).toThrow(`there is no ${missing}`);
    }
  });
});
