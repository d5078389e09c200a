import type { FaultSwitch } from '@cartograph/http';
import type { PaymentProvider } from '../domain/payment-provider.ts';

/** Delays or fails the requests to a payment provider, before they are sent, while a drill says so. */
export const drillProvider = (
  provider: PaymentProvider,
  { apply, isOn }: FaultSwitch,
): PaymentProvider => {
  const afterDrill = async <Result>(request: () => Promise<Result>): Promise<Result> => {
    if (isOn()) await apply();
    return request();
  };
  return {
    ...provider,
    charge: (charge) => afterDrill(() => provider.charge(charge)),
    find: (charge) => afterDrill(() => provider.find(charge)),
    search: (charge) => afterDrill(() => provider.search(charge)),
    refund: (refund) => afterDrill(() => provider.refund(refund)),
    findRefund: (refund) => afterDrill(() => provider.findRefund(refund)),
  };
};
