import { GetPriceDocument, type MoneyInput } from '../generated/operations.ts';
import { Refusal } from '../problems/refusal.ts';
import type { Asker, GraphClient } from './make-graph-client.ts';

type PriceChange = {
  readonly amount: number | undefined;
  readonly currency: string | undefined;
};

/**
 * The graph changes a price as a whole, this door its two halves: the half that the client did not
 * send is read first. The version that guards the change guards what was read here as well.
 * @throws Refusal PRODUCT_NOT_FOUND when there is no product to read it of
 */
export const findPrice = async (
  graph: GraphClient,
  asker: Asker,
  id: string,
  { amount, currency }: PriceChange,
): Promise<MoneyInput | undefined> => {
  if (amount === undefined && currency === undefined) return undefined;
  if (amount !== undefined && currency !== undefined) return { amount, currency };
  const product = await graph.ask(asker, GetPriceDocument, { id }, (data) => data.product);
  if (!product) throw new Refusal('PRODUCT_NOT_FOUND');
  const { price } = product;
  return { amount: amount ?? price.amount, currency: currency ?? price.currency };
};
