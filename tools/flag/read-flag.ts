import { InvalidArgumentError } from '@cartograph/command';
import { MAX_SLOW_MS, type DrillPart } from '@cartograph/http';
import { APPS, type AppName } from '../services.ts';

/** A fault that is switched on or off in one process. */
export type Flag = {
  readonly app: AppName;
  readonly part: DrillPart;
  readonly change: { readonly slowMs: number } | { readonly fails: boolean };
};

const FLAG = /^(?<target>[a-z]+)\.(?:slow=(?<slow>off|\d{1,5}(?:ms|s))|fail=(?<fail>on|off))$/;

const FORM = `It must be TARGET.slow=2s, TARGET.slow=500ms, TARGET.fail=on, or either with off; TARGET is ${APPS.join(', ')} or provider.`;

/** The provider is called by the payment service alone. */
const findTarget = (name: string): Pick<Flag, 'app' | 'part'> | null => {
  if (name === 'provider') return { app: 'payment', part: 'provider' };
  const app = APPS.find((one) => one === name);
  return app ? { app, part: 'requests' } : null;
};

const toMs = (text: string): number => {
  if (text === 'off') return 0;
  return text.endsWith('ms') ? Number(text.slice(0, -2)) : Number(text.slice(0, -1)) * 1_000;
};

/** Reads a flag such as `payment.slow=2s`. @throws InvalidArgumentError */
export const readFlag = (text: string): Flag => {
  const { target = '', slow, fail } = FLAG.exec(text)?.groups ?? {};
  const found = findTarget(target);
  if (!found) throw new InvalidArgumentError(FORM);
  if (slow === undefined) return { ...found, change: { fails: fail === 'on' } };
  const slowMs = toMs(slow);
  if (slowMs <= MAX_SLOW_MS) return { ...found, change: { slowMs } };
  throw new InvalidArgumentError(`It may be ${MAX_SLOW_MS / 1_000} seconds at most.`);
};
