import { CommandFailure, EXIT } from '@cartograph/command';

/** The forms of a subgraph's name in code, such as `review`. */
export type SubgraphName = {
  /** `review` */
  readonly name: string;
  /** `Review` */
  readonly Name: string;
  /** `reviews` */
  readonly names: string;
  /** `Reviews` */
  readonly Names: string;
  /** `REVIEW` */
  readonly NAME: string;
};

/** Letters only: the name is part of SQL, TypeScript and GraphQL names and of variables. */
const FORM = /^[a-z]{3,20}$/;

/** Words that are no variables in TypeScript, or that name other parts of the shop. */
const RESERVED = new Set(
  (
    'abstract any arguments await boolean break case catch class const continue debugger declare ' +
    'default delete else enum eval export extends false finally for function implements import ' +
    'instanceof interface let module namespace never new null number object package private ' +
    'protected public return static string super switch symbol this throw true try type typeof ' +
    'undefined unknown var void while with yield ' +
    'access app apps check connection context database demo edge input loaders metrics mutation ' +
    'node postgres problem query result service store subscription test'
  ).split(' '),
);

const plural = (noun: string): string => {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`;
};

const capitalize = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/**
 * Reads the name of a new subgraph.
 * @param taken projects and types that exist already
 * @throws CommandFailure with the exit code of a usage error, and one sentence
 */
export const readSubgraphName = (
  name: string,
  taken: { readonly projects: readonly string[]; readonly types: readonly string[] },
): SubgraphName => {
  const refuse = (sentence: string): never => {
    throw new CommandFailure(EXIT.usage, `${JSON.stringify(name)} ${sentence}`);
  };
  if (!FORM.test(name)) {
    refuse('is not a name for a subgraph: a singular noun of 3 to 20 lowercase letters is.');
  }
  if (RESERVED.has(name)) refuse('is reserved: choose another name.');
  if (taken.projects.includes(name)) refuse('is the name of another project: choose another name.');
  const names = plural(name);
  const Name = capitalize(name);
  if (taken.types.includes(Name)) {
    refuse(`would define the type ${Name}, which the graph already has: choose another name.`);
  }
  return { name, Name, names, Names: capitalize(names), NAME: name.toUpperCase() };
};
