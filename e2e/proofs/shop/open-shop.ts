import { randomUUID } from 'node:crypto';
import type { Env } from '@cartograph/config';
import { makeTokenMaker } from '@cartograph/testing';
import { OPERATIONS, RECORD_EVENT, SERVICE_OF, type Operation } from './operations.ts';
import { openServices } from './open-services.ts';
import { openWebhookDoor, type Webhook } from './webhook-door.ts';

/** A member of a result union: what it has depends on its type. */
export type Result = {
  readonly __typename: string;
  readonly id: string;
  readonly status: string;
  readonly code?: string;
  readonly reason?: string;
  readonly version: number;
  readonly stock: number;
  readonly items: readonly { readonly quantity: number; readonly product: { id: string } }[];
  readonly shortages?: readonly { productId: string; requested: number; available: number }[];
  readonly refundable?: { readonly amount: number };
};

/** Somebody who is signed in. */
export type Person = {
  readonly id: string;
  /** @throws when the answer has errors: what a client can cause is data */
  readonly send: (operation: Operation, input: object) => Promise<Result>;
};

/** A refusal that is no data: its code is what a client sees. */
export class AnswerError extends Error {
  readonly code: string;

  constructor(operation: Operation, error: { message: string; extensions: { code: string } }) {
    super(`${operation}: ${error.extensions.code}: ${error.message}`);
    this.code = error.extensions.code;
  }
}

/** Access tokens of the token maker last for ten minutes. */
const TOKEN_LIFE_MS = 5 * 60_000;

/**
 * Opens a shop of the real product, order and payment services, which call each other over HTTP. It
 * needs TEST_POSTGRES_URL: Postgres with the databases' templates, as `npm test` and `withPostgres`
 * give.
 */
export const openShop = async (env: Env = {}) => {
  const [tokens, door] = await Promise.all([makeTokenMaker(), openWebhookDoor()]);
  const services = await openServices(tokens, { SIMULATOR_WEBHOOK_URL: door.url, ...env });
  const { databases, ask } = services;

  /** Hands a webhook in as the REST door does. */
  const record = async ({ body: payload, signature }: Webhook): Promise<boolean> => {
    const input = { provider: 'simulator', payload, signature };
    const answer = await ask.payment(RECORD_EVENT, { input });
    const result = answer.data as { recordPaymentEvent?: { __typename: string } } | null;
    return result?.recordPaymentEvent?.__typename === 'PaymentEvent';
  };
  door.handTo(record);

  const signIn = (role: 'USER' | 'ADMIN' = 'USER'): Person => {
    const id = randomUUID();
    let token = { authorization: '', at: Number.NEGATIVE_INFINITY };
    return {
      id,
      send: async (operation, input) => {
        if (Date.now() - token.at > TOKEN_LIFE_MS) {
          const { authorization } = tokens.authorize(role, id);
          token = { authorization, at: Date.now() };
        }
        const send = ask[SERVICE_OF[operation]];
        const answer = await send(OPERATIONS[operation], { input }, token.authorization);
        if (answer.errors[0]) throw new AnswerError(operation, answer.errors[0]);
        return (answer.data as Record<string, Result>)[operation] as Result;
      },
    };
  };
  const admin = signIn('ADMIN');

  return {
    databases,
    door,
    record,
    signIn,
    admin,

    /** Adds a product to the catalogue. @returns its id */
    addProduct: async (fields: { stock: number; price?: number }): Promise<string> => {
      const { stock, price: amount = 1999 } = fields;
      const sku = `P-${randomUUID()}`;
      const price = { amount, currency: 'EUR' };
      const added = await admin.send('createProduct', { sku, name: 'A thing', price, stock });
      if (!added.id) throw new Error(`the product was not added: ${added.code}`);
      return added.id;
    },

    /**
     * Moves the jobs of these kinds to a time, and tells the workers.
     * @param about only those whose payload names one of these; all when left out
     */
    planJobs: async (
      kinds: readonly string[],
      at: 'now' | 'in an hour',
      about: readonly string[] | null = null,
    ): Promise<void> => {
      const runAt = at === 'now' ? 'now()' : "now() + interval '1 hour'";
      for (const database of [databases.order, databases.payment]) {
        await database.query(
          `SELECT graphile_worker.reschedule_jobs(array_agg(id), run_at => ${runAt}, attempts => 0)
           FROM graphile_worker.jobs JOIN graphile_worker._private_jobs AS own USING (id)
           WHERE jobs.task_identifier = ANY($1) AND ($2::text[] IS NULL OR EXISTS (
             SELECT FROM unnest($2::text[]) AS name WHERE strpos(own.payload::text, name) > 0
           ))`,
          [kinds, about],
        );
        if (at === 'now') await database.query(`SELECT pg_notify('jobs:insert', '{"count":1}')`);
      }
    },

    close: async () => {
      await services.close();
      await door.close();
      await tokens.close();
    },
  };
};

export type Shop = Awaited<ReturnType<typeof openShop>>;
