import core from '@stoplight/spectral-core';
import rulesets from '@stoplight/spectral-rulesets';
import { RULES_OFF } from './spectral-rules.ts';

/**
 * Checks an OpenAPI document by all rules of Spectral but those of `RULES_OFF`: one sentence for each error
 * or warning. No network is needed.
 */
export const findSpectralFaults = async (text: string): Promise<readonly string[]> => {
  const spectral = new core.Spectral();
  spectral.setRuleset({
    // The two packages describe a ruleset differently.
    extends: [[rulesets.oas as never, 'all']],
    rules: Object.fromEntries(Object.keys(RULES_OFF).map((rule) => [rule, 'off' as const])),
  });
  const found = await spectral.run(text);
  return found.map(({ code, message, path }) => `${code}: ${message} (${path.join('/')})`);
};
