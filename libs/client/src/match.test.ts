import { describe, expect, it } from 'vitest';
import type { CreateOrderMutation, LoginMutation } from './generated/graphql.ts';
import { isProblem, match, unwrapOrThrow, type SuccessOf } from './match.ts';

type Result = CreateOrderMutation['createOrder'];
type LoginResult = LoginMutation['login'];

const OUT_OF_STOCK: Result = {
  __typename: 'OutOfStockProblem',
  code: 'OUT_OF_STOCK',
  message: 'There is not enough stock.',
  shortages: [{ productId: 'p1', sku: 'LAMP', requested: 4, available: 3 }],
};

/** A problem that the shop has learnt since this client was made. */
const NEWER = { __typename: 'MoonProblem', code: 'MOON', message: 'It is full.' } as never;

const message = ({ message: text }: { readonly message: string }): string => text;

const describeOrder = (result: Result) =>
  match(result, {
    Order: ({ number }) => number,
    IdempotencyConflictProblem: message,
    MixedCurrenciesProblem: message,
    OutOfStockProblem: ({ shortages }) => shortages.length,
    ProductNotFoundProblem: ({ productId }) => productId,
    RequestInFlightProblem: ({ retryAfterSeconds }) => retryAfterSeconds,
    TooManyOpenOrdersProblem: ({ limit }) => limit,
    TooManyUnitsHeldProblem: ({ scope }) => scope,
    ValidationFailedProblem: ({ fields }) => fields.length,
  });

describe('match', () => {
  it('calls the function of the member, with its own fields', () => {
    const value: string | number = describeOrder(OUT_OF_STOCK);
    expect(value).toBe(1);
    expect(describeOrder({ __typename: 'Order', number: 'C-100042' } as Result)).toBe('C-100042');
  });

  it('does not compile when a member is left out', () => {
    const result = { __typename: 'Session' } as LoginResult;
    const handlers = { Session: () => 'in', InvalidCredentialsProblem: message };
    // @ts-expect-error -- TooManyAttemptsProblem is left out: `npm run check -- types` compiles this
    const matchTwo = () => match(result, handlers) as string;
    expect(matchTwo()).toBe('in');
  });

  it('passes a problem that is newer than the client to the last function, or throws it', () => {
    expect(() => describeOrder(NEWER)).toThrow(
      expect.objectContaining({ code: 'MOON', message: 'It is full.' }),
    );
    const login = (result: LoginResult) =>
      match(
        result,
        {
          Session: () => 'in',
          InvalidCredentialsProblem: message,
          TooManyAttemptsProblem: message,
        },
        ({ code }) => code,
      );
    expect(login(NEWER)).toBe('MOON');
    expect(() => login({ __typename: 'toString' } as never)).toThrow('unknown toString');
  });
});

describe('a result', () => {
  it('that has to succeed is returned, or thrown with its code', () => {
    const order: SuccessOf<Result> = unwrapOrThrow({ __typename: 'Order', id: 'o1' } as Result);
    expect(order.id).toBe('o1');
    expect(() => unwrapOrThrow(OUT_OF_STOCK)).toThrow(
      expect.objectContaining({ code: 'OUT_OF_STOCK' }),
    );
  });

  it('is a problem by its fields, so that newer ones are, too', () => {
    expect([OUT_OF_STOCK, NEWER].map((each) => isProblem(each))).toEqual([true, true]);
    expect(isProblem({ __typename: 'Order' } as Result)).toBe(false);
  });
});
