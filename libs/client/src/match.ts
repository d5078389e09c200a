import { ShopClientError } from './shop-client-error.ts';

/** A member of a union, with the name of its type. */
type Member = { readonly __typename: string };

/** A member of a union of results that is a problem: what a client can cause and should handle. */
export type AnyProblem = Member & { readonly code: string; readonly message: string };

/** The problems among the members of a result. */
export type ProblemOf<Result extends Member> = Extract<Result, AnyProblem>;

/** The members of a result that are no problems. */
export type SuccessOf<Result extends Member> = Exclude<Result, AnyProblem>;

/** A function for each member of a result. */
export type Handlers<Result extends Member> = {
  readonly [Name in Result['__typename']]: (
    value: Extract<Result, { readonly __typename: Name }>,
  ) => unknown;
};

/** Whether a result is a problem, also one that is newer than this client. */
export const isProblem = <Result extends Member>(result: Result): result is ProblemOf<Result> =>
  'code' in result && 'message' in result;

const unknownResult = (result: Member): ShopClientError =>
  isProblem(result)
    ? new ShopClientError((result as AnyProblem).code, (result as AnyProblem).message)
    : new ShopClientError('BAD_RESPONSE', `the shop returned an unknown ${result.__typename}`);

/**
 * Calls the function for the member that a result is. Leaving a member out does not compile.
 * @param otherwise handles a problem that the shop has learnt since this client was made
 * @throws ShopClientError with the problem's code when it is newer and there is no `otherwise`
 */
export const match = <Result extends Member, Given extends Handlers<Result>, Other = never>(
  result: Result,
  handlers: Given,
  otherwise?: (problem: AnyProblem) => Other,
): ReturnType<Given[keyof Handlers<Result>]> | Other => {
  type Value = ReturnType<Given[keyof Handlers<Result>]>;
  const name: string = result.__typename;
  if (Object.hasOwn(handlers, name)) {
    const handle = handlers[name as keyof Given] as unknown as (value: Result) => Value;
    return handle(result);
  }
  if (otherwise && isProblem(result)) return otherwise(result);
  throw unknownResult(result);
};

/**
 * The result of a call that has to succeed.
 * @throws ShopClientError with the code and the message of the problem
 */
export const unwrapOrThrow = <Result extends Member>(result: Result): SuccessOf<Result> => {
  if (isProblem(result)) throw unknownResult(result);
  return result as SuccessOf<Result>;
};
