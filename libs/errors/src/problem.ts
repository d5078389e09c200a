import { problemCatalogue, type ProblemCode } from './catalogue.ts';

/** An expected failure, as data: a code, a sentence for people, and what the client needs to act. */
export type Problem<Code extends ProblemCode = ProblemCode, Details = unknown> = {
  readonly kind: 'problem';
  readonly code: Code;
  readonly message: string;
} & Readonly<Details>;

/** One field of the input that is not allowed: where (`items.0.quantity`) and why. */
export type FieldFault = { readonly path: string; readonly message: string };

/** The problem of input that breaks a rule of the domain, every fault of it at once. */
export type ValidationFailed = Problem<'VALIDATION_FAILED', { fields: readonly FieldFault[] }>;

/**
 * Makes a problem. Without `message` it says the catalogue's sentence.
 * @param details what the type of this problem carries besides code and message
 */
export const problem = <Code extends ProblemCode, Details extends object = object>(
  code: Code,
  details: Details = {} as Details,
  message: string = problemCatalogue[code],
): Problem<Code, Details> => ({ ...details, kind: 'problem', code, message });

/** Makes a VALIDATION_FAILED problem whose sentence names the first fault. */
export const validationFailed = (fields: readonly FieldFault[]): ValidationFailed => {
  const [first] = fields;
  return problem(
    'VALIDATION_FAILED',
    { fields },
    first && `${first.path === '' ? 'input' : first.path}: ${first.message}`,
  );
};

/** Whether the result of a domain function is a problem. */
export const isProblem = <Value>(value: Value): value is Extract<Value, Problem> =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'problem';

/** `OUT_OF_STOCK` -> `OutOfStockProblem`: the GraphQL type of a problem follows from its code. */
export const problemTypeName = (code: ProblemCode): string =>
  `${code
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}Problem`;
