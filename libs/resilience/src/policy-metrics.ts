import { metrics, type ObservableResult } from '@opentelemetry/api';
import { CircuitState } from 'cockatiel';

/** Why a call was not sent. */
type Rejection = 'circuit_open' | 'queue_full';

/** Measures the calls of one service by its policy. */
type PolicyMetrics = {
  readonly rejected: (reason: Rejection) => void;
  readonly retried: () => void;
  readonly stop: () => void;
};

const STATES = {
  closed: CircuitState.Closed,
  half_open: CircuitState.HalfOpen,
  open: CircuitState.Open,
};

/** @param stateOf reads the state of the circuit breaker */
export const makePolicyMetrics = (service: string, stateOf: () => CircuitState): PolicyMetrics => {
  const meter = metrics.getMeter('cartograph.resilience');
  const peer = { 'service.peer.name': service };
  const circuit = meter.createObservableGauge('shop.circuit.state', {
    description:
      'The circuit breaker of the calls of a service: 1 for its state, 0 for the others.',
  });
  const rejected = meter.createCounter('shop.call.rejected', {
    description: 'Calls of a service that were not sent.',
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
  const reject = (reason: Rejection, calls: number): void =>
    rejected.add(calls, { ...peer, reason });
  reject('circuit_open', 0);
  reject('queue_full', 0);
  retried.add(0, peer);
  return {
    rejected: (reason) => reject(reason, 1),
    retried: () => retried.add(1, peer),
    stop: () => circuit.removeCallback(observe),
  };
};
