import { compareSchemas, type Pair } from './compare-schemas.ts';
import type { Resolve, Schema } from './schema.ts';

/** A parameter of an operation. */
export type Parameter = {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
};

const nameOf = ({ in: place, name }: Parameter): string => `${place} parameter ${name}`;

const byName = (
  parameters: readonly Parameter[],
  resolve: Resolve,
): ReadonlyMap<string, Parameter> =>
  new Map(parameters.map(resolve<Parameter>).map((one) => [nameOf(one), one]));

/** Finds what a client cannot know of the parameters after: one sentence each, which begins with the name. */
export const compareParameters = (pair: Pair<readonly Parameter[]>): readonly string[] => {
  const old = byName(pair.before, pair.resolveBefore);
  const now = byName(pair.after, pair.resolveAfter);
  const gone = [...old.keys()].filter((name) => !now.has(name));
  return [
    ...gone.map((name) => `${name}: is no longer known`),
    ...[...now].flatMap(([name, after]) => {
      const before = old.get(name);
      const isNewlyRequired = after.required === true && before?.required !== true;
      const faults =
        before?.schema && after.schema
          ? compareSchemas({ ...pair, before: before.schema, after: after.schema }, 'request')
          : [];
      return [...(isNewlyRequired ? ['is required now'] : []), ...faults].map(
        (fault) => `${name}: ${fault}`,
      );
    }),
  ];
};
