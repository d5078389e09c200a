/** Of requests, in seconds: the advice of OpenTelemetry's semantic conventions for HTTP. */
export const DURATION_BOUNDARIES = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

/** Of work in the background, in seconds: it starts within one second, and hours late after a failure. */
export const LAG_BOUNDARIES = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200];
