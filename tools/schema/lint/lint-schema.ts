import { parser, rules } from '@graphql-eslint/eslint-plugin';
import { Linter } from 'eslint';
import { parse } from 'graphql';
import { checkAccess } from './check-access.ts';
import { checkConnections } from './check-connections.ts';
import { checkContract } from './check-contract.ts';
import { checkListSizes } from './check-list-sizes.ts';
import { checkMutations } from './check-mutations.ts';
import type { Convention, Fault } from './fault.ts';

const PREFIX = 'graphql/';

/** Rules of graphql-eslint, by the names that they have there. */
const RULES: Linter.RulesRecord = {
  'require-description': [
    'error',
    {
      types: true,
      DirectiveDefinition: true,
      FieldDefinition: true,
      InputValueDefinition: true,
      EnumValueDefinition: true,
    },
  ],
  'naming-convention': [
    'error',
    {
      types: 'PascalCase',
      FieldDefinition: 'camelCase',
      InputValueDefinition: 'camelCase',
      DirectiveDefinition: 'camelCase',
      EnumValueDefinition: 'UPPER_CASE',
      // A query is a noun.
      'FieldDefinition[parent.name.value=Query]': {
        style: 'camelCase',
        forbiddenPatterns: [/^(?:get|list|find|fetch|query)(?=[A-Z]|$)/],
      },
    },
  ],
  'no-typename-prefix': 'error',
  'no-hashtag-description': 'error',
  'no-scalar-result-type-on-mutation': 'error',
  'require-deprecation-reason': 'error',
  'unique-enum-value-names': 'error',
  'relay-page-info': 'error',
  'relay-connection-types': 'error',
  'relay-edge-types': [
    'error',
    { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
  ],
  'relay-arguments': 'error',
};

/** Rules of this repository. */
const CONVENTIONS: readonly Convention[] = [
  checkMutations,
  checkConnections,
  checkListSizes,
  checkAccess,
  checkContract,
];

const withPrefix = (record: Linter.RulesRecord): Linter.RulesRecord =>
  Object.fromEntries(Object.entries(record).map(([name, rule]) => [PREFIX + name, rule]));

const linter = new Linter({ configType: 'flat' });

/**
 * Finds what breaks a convention in the schema of a subgraph, in the order of its lines.
 * @param apiSdl the composed schema, which says to the rules what the types of other subgraphs are
 */
export const lintSchema = (sdl: string, apiSdl: string): readonly Fault[] => {
  const config = {
    files: ['**/*.graphql'],
    languageOptions: { parser, parserOptions: { schemaSdl: apiSdl } },
    plugins: { graphql: { rules } },
    rules: withPrefix(RULES),
  } as unknown as Linter.Config;
  const found = linter.verify(sdl, config, { filename: 'schema.graphql' });
  const document = parse(sdl);
  return [
    ...found.map(({ line, ruleId, message }) => ({
      line,
      rule: ruleId?.slice(PREFIX.length) ?? 'syntax',
      message,
    })),
    ...CONVENTIONS.flatMap((check) => check(document)),
  ].toSorted((one, other) => one.line - other.line);
};
