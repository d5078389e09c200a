import { describe, expect, it } from 'vitest';
import { expandVariables } from './expand-variables.ts';
import {
  REFUSED_VARIABLES,
  VARIABLE_FILE,
  VARIABLE_SAMPLES,
  VARIABLES,
} from './test/variable-samples.ts';

const source = {
  environment: VARIABLES,
  readFile: async (file: string) => (file === VARIABLE_FILE.name ? VARIABLE_FILE.text : null),
};

const expand = (value: unknown) => expandVariables(value, source);

// As rover 0.41.0 answers: e2e/local/rover.e2e.ts asks it.
describe('variables of supergraph.yaml', () => {
  it.each(VARIABLE_SAMPLES)('expand %s', async (_what, text, expanded) => {
    expect(await expand(text)).toBe(expanded);
  });

  it('are expanded in lists and maps, not in keys, numbers or null', async () => {
    expect(await expand({ '${env.SET}': ['${env.SET}', 2, null, { deep: '${env.SET}' }] })).toEqual(
      {
        '${env.SET}': ['value', 2, null, { deep: 'value' }],
      },
    );
  });

  it.each(REFUSED_VARIABLES)('are refused, by name, where one %s', async (_why, text, message) => {
    await expect(expand({ deep: [text] })).rejects.toThrow(message);
  });
});
