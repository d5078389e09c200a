import { readAccessRules } from '@cartograph/subgraph';
import type { Convention } from './fault.ts';

/**
 * Every root field and entity says who may read it: `@auth(requires:)`. The reader of the rules stops at
 * the first that does not, as a service does when it starts.
 */
export const checkAccess: Convention = (document) => {
  try {
    readAccessRules(document);
    return [];
  } catch (error) {
    return [
      { line: 1, rule: 'access', message: error instanceof Error ? error.message : String(error) },
    ];
  }
};
