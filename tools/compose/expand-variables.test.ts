import { describe, expect, it } from '@jest/globals';
import { expandVariables } from './expand-variables.ts';

const source = {
  environment: { SET: 'value', EMPTY: '', NESTED: '${env.SET}' },
  readFile: async (file: string) => (file === 'there.txt' ? 'content' : null),
};

const expand = (value: unknown) => expandVariables(value, source);

// As rover 0.41.0 answers: e2e/local/rover.e2e.ts asks it.
describe('variables of supergraph.yaml', () => {
  it.each([
    ['a variable', '${env.SET}', 'value'],
    ['a variable within a text', 'http://${env.SET}:4001/${env.SET}', 'http://value:4001/value'],
    ['a variable that is set to nothing', 'a${env.EMPTY}b', 'ab'],
    ['the same with a default', '${env.EMPTY:-default}', ''],
    ['a default that is not needed', '${env.SET:-default}', 'value'],
    ['a default', '${env.MISSING:-http://b/graphql}', 'http://b/graphql'],
    ['a default with the sign of a default', '${env.MISSING:-a:-b}', 'a:-b'],
    ['a variable in a value', '${env.NESTED}', '${env.SET}'],
    ['a variable in a default', '${env.MISSING:-${env.SET}}', '${env.SET}'],
    ['a file', '${file.there.txt}', 'content'],
    ['a file that does not exist', '${file.missing.txt}', '${file.missing.txt}'],
    ['the same with a default', '${file.missing.txt:-default}', 'default'],
    ['a dollar sign', '$${env.SET} $$', '${env.SET} $'],
    ['a dollar sign before anything else', 'a$ b$', 'a$ b$'],
    ['a brace that is not closed', '${env.SET', '${env.SET'],
  ])('expand %s', async (_what, text, expanded) => {
    expect(await expand(text)).toBe(expanded);
  });

  it('are expanded in lists and maps, not in keys, numbers or null', async () => {
    expect(await expand({ '${env.SET}': ['${env.SET}', 2, null, { deep: '${env.SET}' }] })).toEqual(
      {
        '${env.SET}': ['value', 2, null, { deep: 'value' }],
      },
    );
  });

  it.each([
    ['has no value', '${env.MISSING}', 'the environment variable MISSING is not set'],
    ['has another kind', '${secret.KEY}', '${secret.KEY} is not a variable'],
    ['has no braces', '$SET', '${SET} is not a variable'],
  ])('are refused, by name, where one %s', async (_what, text, message) => {
    await expect(expand({ deep: [text] })).rejects.toThrow(message);
  });
});
