import {
  argumentError,
  isProblem,
  problemTypeName,
  type Problem,
  type ProblemCode,
} from '@cartograph/errors';
import { isWithin } from '@cartograph/validation';
import { validate } from 'uuid';

/** A problem as a member of the result union of a mutation. */
export type ProblemResult<Result> =
  Result extends Problem<infer Code>
    ? Omit<Result, 'kind'> & { __typename: ProblemType<Code> }
    : never;

type Capitalised<Text extends string> = Text extends `${infer Head}_${infer Tail}`
  ? `${Capitalize<Lowercase<Head>>}${Capitalised<Tail>}`
  : Capitalize<Lowercase<Text>>;

/** `OUT_OF_STOCK` -> `OutOfStockProblem`, at compile time. */
export type ProblemType<Code extends ProblemCode> = `${Capitalised<Code>}Problem`;

/**
 * Translates the result of a domain function to a member of a result union: a problem to its GraphQL
 * type, any other value with `toSuccess`.
 */
export const toResult = <Result, Success>(
  result: Result,
  toSuccess: (value: Exclude<Result, Problem>) => Success,
): Success | ProblemResult<Extract<Result, Problem>> => {
  if (!isProblem(result)) return toSuccess(result as Exclude<Result, Problem>);
  const { kind: _kind, ...fields } = result as Problem;
  return { ...fields, __typename: problemTypeName(fields.code) } as unknown as ProblemResult<
    Extract<Result, Problem>
  >;
};

/** The length of a UUID as text: RFC 9562, section 4. */
const ID_LENGTH = 36;

/**
 * Checks an id from a client.
 * @throws ShopError BAD_USER_INPUT when it is no UUID
 */
export const readId = (id: string, name = 'id'): string => {
  if (id.length !== ID_LENGTH || !validate(id)) throw argumentError(name, 'is not an id');
  return id.toLowerCase();
};

/**
 * Checks a text argument of a client. The error never repeats the text.
 * @throws ShopError BAD_USER_INPUT when it has more than `max` code points, a NUL character, which
 * Postgres rejects, or a lone surrogate
 */
export const readText = (text: string, name: string, max: number): string => {
  if (!isWithin(text, max)) throw argumentError(name, `must have ${max} characters or fewer`);
  if (text.includes('\0')) throw argumentError(name, 'has a NUL character');
  if (!text.isWellFormed()) throw argumentError(name, 'must not contain an unpaired surrogate');
  return text;
};
