import { deepStrictEqual } from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Person, Result } from '../shop/open-shop.ts';
import type { Operation } from '../shop/operations.ts';
import type { Cast, RealShop } from './real-shop.ts';
import type { Expected, ShopModel } from './shop-model.ts';
import { summarize } from './summarize.ts';

/** The model with what was answered under each key so far. */
export type Model = ShopModel & {
  readonly answers: Map<string, { readonly request: string; readonly answer: Result }>;
};

/** What a run is made against. */
export type Real = { readonly shop: RealShop; readonly cast: Cast };

/** How a request is sent: under which of a few keys, if any, and how often at once. */
export type Manner = { readonly key: number | null; readonly width: number };

/** Who asks: one of the customers, or the administrator. */
export type Actor = number | 'ADMIN';

/** The person that an actor stands for. */
export const personOf = ({ customers, admin }: Cast, actor: Actor): Person =>
  actor === 'ADMIN' ? admin : (customers[actor] as Person);

/** As a client does: told that a request with its key is under way, it asks again. */
const sendUntilAnswered = async (person: Person, operation: Operation, input: object) => {
  for (;;) {
    const answer = await person.send(operation, input);
    if (answer.code !== 'REQUEST_IN_FLIGHT') return answer;
    await sleep(20);
  }
};

/** @throws when an answer is none of those that are expected */
export const check = (answer: Result, expected: Expected, cast: Cast): void => {
  const actual = summarize(answer, cast);
  if (!expected.includes(actual)) deepStrictEqual([actual], expected);
};

/**
 * Makes the sender of requests.
 * @param onAnswer is told what the shop answered
 */
export const makeSender = (onAnswer: (operation: Operation, words: string) => void) => {
  /**
   * Sends a request, and a repeat as a repeat: whoever has used the key with the same input gets
   * the answer of then, with another a conflict.
   * @param expect what the model answers to it; it is asked only when the request is new
   */
  const send = async (
    model: Model,
    { cast }: Real,
    request: { by: Actor; operation: Operation; input: object } & Partial<Manner>,
    expect: () => Expected,
  ): Promise<Result | null> => {
    const { by, operation, key = null, width = 1 } = request;
    const person = personOf(cast, by);
    const input = {
      ...request.input,
      ...(key !== null && { idempotencyKey: `key ${key}` }),
    };
    // Only with a key are several at once one and the same.
    const answers = await Promise.all(
      Array.from({ length: key === null ? 1 : width }, () =>
        sendUntilAnswered(person, operation, input),
      ),
    );
    const [answer] = answers as [Result];
    onAnswer(operation, summarize(answer, cast));
    for (const other of answers) deepStrictEqual(other, answer);
    const name = `${by}:${operation}:${key}`;
    const known = key === null ? undefined : model.answers.get(name);
    const body = JSON.stringify(request.input);
    if (known?.request === body) {
      deepStrictEqual(answer, known.answer);
      return null;
    }
    if (known) {
      check(answer, ['IDEMPOTENCY_CONFLICT'], cast);
      return null;
    }
    check(answer, expect(), cast);
    if (key !== null) model.answers.set(name, { request: body, answer });
    return answer;
  };

  return send;
};
