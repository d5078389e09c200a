import { describe, expect, it } from 'vitest';
import { firstSentence, readExample } from './read-example.ts';

const TEXT = `# The head of the file.
IGNORED=1

## Ports

# The public port. More about it
# in a second line.
ROUTER_PORT=4000
REST_PORT=

## Limits

# All of them apply
# to each client.

# How long it takes.
A_MS=1
# How many.
B=2
`;

describe('readExample', () => {
  it('reads sections, what introduces them, and the comment above each variable', () => {
    expect(readExample(TEXT)).toEqual([
      {
        title: 'Ports',
        intro: '',
        variables: [
          { name: 'ROUTER_PORT', comment: 'The public port. More about it in a second line.' },
          { name: 'REST_PORT', comment: 'The public port. More about it in a second line.' },
        ],
      },
      {
        title: 'Limits',
        intro: 'All of them apply to each client.',
        variables: [
          { name: 'A_MS', comment: 'How long it takes.' },
          { name: 'B', comment: 'How many.' },
        ],
      },
    ]);
  });
});

describe('firstSentence', () => {
  it.each([
    ['The port. Another sentence.', 'The port.'],
    ['Bytes of `x.y`, at most 1.5 of it.', 'Bytes of `x.y`, at most 1.5 of it.'],
    ['It is in docs/a.md. `npm start` makes it.', 'It is in docs/a.md.'],
    ['They are stored. nats://host is such.', 'They are stored.'],
    ['no full stop', 'no full stop'],
  ])('of %j is %j', (comment, sentence) => {
    expect(firstSentence(comment)).toBe(sentence);
  });
});
