import { metrics, type ObservableResult } from '@opentelemetry/api';
import { CircuitState } from 'cockatiel';

const METER = 'cartograph.resilience';

/** Why a call was not sent. */
type Rejection = 'circuit_open' | 'queue_full' | 'stalled';

/** Measures the calls of one service by its policy. */
type PolicyMetrics = {
  readonly rejected: (reason: 'circuit_open' | 'queue_full') => void;
  readonly retried: () => void;
  readonly stop: () => void;
};

const STATES = {
  closed: CircuitState.Closed,
  half_open: CircuitState.HalfOpen,
  open: CircuitState.Open,
};

/**
 * Counts the calls of a service that were not sent.
 * @param reasons those that are possible: each is 0 at first
 */
export const makeRejectionCounter = <Reason extends Rejection>(
  service: string,
  reasons: readonly Reason[],
): ((reason: Reason) => void) => {
  const rejected = metrics.getMeter(METER).createCounter('shop.call.rejected', {
    description: 'Calls of a service that were not sent.',
  });
  const count = (reason: Reason, calls: number): void =>
    rejected.add(calls, { 'service.peer.name': service, reason });
  for (const reason of reasons) count(reason, 0);
  return (reason) => count(reason, 1);
};

/** @param stateOf reads the state of the circuit breaker */
export const makePolicyMetrics = (service: string, stateOf: () => CircuitState): PolicyMetrics => {
  const meter = metrics.getMeter(METER);
  const peer = { 'service.peer.name': service };
  const circuit = meter.createObservableGauge('shop.circuit.state', {
    description:
      'The circuit breaker of the calls of a service: 1 for its state, 0 for the others.',
  });
  const retried = meter.createCounter('shop.call.retry', {
    description: 'Attempts to call a service after the first one.',
  });
  const observe = (result: ObservableResult): void => {
    const current = stateOf();
    for (const [state, value] of Object.entries(STATES)) {
      result.observe(current === value ? 1 : 0, { ...peer, state });
    }
  };
  circuit.addCallback(observe);
  retried.add(0, peer);
  return {
    rejected: makeRejectionCounter(service, ['circuit_open', 'queue_full']),
    retried: () => retried.add(1, peer),
    stop: () => circuit.removeCallback(observe),
  };
};
