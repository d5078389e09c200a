import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { rest } from './rest.ts';

/** The variables of the shop that the tests started, its secrets included. */
export const readShopSecrets = (): NodeJS.Dict<string> =>
  parseEnv(readFileSync(path.join(process.env['E2E_STATE_DIR'] ?? '', 'dev.env'), 'utf8'));

/** The secret with which the simulator of payments signs. */
export const webhookSecret = (): string => readShopSecrets()['SIMULATOR_WEBHOOK_SECRET'] ?? '';

export const signWebhook = (
  body: string,
  secret: string,
  at = Math.floor(Date.now() / 1_000),
): string => `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;

/** Sends a webhook as a payment provider does. */
export const deliverWebhook = (
  body: string,
  signature: string,
  { provider = 'simulator', headers = {} }: { provider?: string; headers?: object } = {},
) =>
  rest('POST', `/v1/webhooks/payments/${provider}`, {
    body,
    headers: { 'simulator-signature': signature, ...headers },
  });

/** A new event that says that the first charge of an order succeeded. */
export const chargeSucceeded = (orderId: string) =>
  JSON.stringify({
    id: `evt_${randomUUID()}`,
    type: 'charge.succeeded',
    data: { object: { reference: 'sim_x', idempotency_key: `payment:${orderId}:1` } },
  });
