/** What the model knows of a payment method of the simulator. */
type Traits = {
  /** At once, or `late`: when the run says so. */
  readonly decides: 'yes' | 'no' | 'late';
  /** The call is never answered, but its work is done: the webhook tells. */
  readonly hangs?: true;
  /** As many calls fail before anything is done. */
  readonly errors?: number;
  readonly declinesRefunds?: true;
};

const TRAITS = {
  sim_success: { decides: 'yes' },
  sim_decline: { decides: 'no' },
  sim_timeout: { decides: 'yes', hangs: true },
  sim_timeout_decline: { decides: 'no', hangs: true },
  sim_error_then_success: { decides: 'yes', errors: 2 },
  sim_late_success: { decides: 'late' },
  sim_late_decline: { decides: 'late' },
  sim_decline_then_success: { decides: 'no' },
  sim_refund_failure: { decides: 'yes', declinesRefunds: true },
} as const satisfies Record<string, Traits>;

export type Method = keyof typeof TRAITS;

/** The payment methods that a run uses, by their names. */
export const METHODS: Readonly<Record<Method, Traits>> = TRAITS;
