import { CommandFailure, EXIT } from '@cartograph/command';
import { admin, newShopper } from '../testkit/accounts.ts';
import { newProduct } from '../testkit/products.ts';
import { rest, restOrThrow } from '../testkit/rest.ts';

/** Runs work whose failure means that the stories can't run. */
const orFail = async <Value>(sentence: string, work: () => Promise<Value>): Promise<Value> => {
  try {
    return await work();
  } catch (error) {
    throw new CommandFailure(EXIT.failed, `${sentence} (${(error as Error).message})`);
  }
};

const checkInterrupt = ({ aborted }: AbortSignal): void => {
  if (aborted) throw new CommandFailure(EXIT.stopped, 'Interrupted: no story was run.');
};

/**
 * Buys one unit of a new product with a simulated payment: what all stories need. A shop that charges
 * real cards refuses the payment method, and takes no money.
 * @param interrupt ends it before the next request; what was made until then is recorded
 * @throws CommandFailure with what is wrong, or that it was interrupted
 */
export const tryPurchase = async (email: string, interrupt: AbortSignal): Promise<void> => {
  await orFail(`${email} can't sign in: give --admin-email and --admin-password.`, admin);
  checkInterrupt(interrupt);
  const product = await orFail(`${email} can't add products: is it an administrator?`, () =>
    newProduct({ stock: 1 }),
  );
  checkInterrupt(interrupt);
  const { token } = await orFail('No account can be registered.', newShopper);
  checkInterrupt(interrupt);
  const items = [{ product_id: product.id, qty: 1 }];
  const placed = await orFail('No order can be created.', () =>
    restOrThrow('POST', '/v1/orders', { token, body: { items } }),
  );
  checkInterrupt(interrupt);
  const paid = await rest('POST', `/v1/orders/${placed.id}/pay`, {
    token,
    body: { payment_method: 'sim_success' },
  });
  checkInterrupt(interrupt);
  if (paid.status === 200) return;
  throw new CommandFailure(
    EXIT.failed,
    `The shop refuses a simulated payment (${paid.status} ${paid.body?.code ?? ''}), so its payments may be real: no story was run.`,
  );
};
