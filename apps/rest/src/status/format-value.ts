/** In place of a value that is not known. */
const NONE = '–';

/** A duration: `4 ms`, `1.20 s`, `2 min`. */
export const formatSeconds = (seconds: number | null): string => {
  if (seconds === null) return NONE;
  if (seconds < 1) return `${Math.round(seconds * 1_000)} ms`;
  if (seconds < 120) return `${seconds.toFixed(seconds < 10 ? 2 : 0)} s`;
  if (seconds < 2 * 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
};

/** How often per second: `0`, `0.25 /s`, `12 /s`. */
export const formatRate = (perSecond: number | null): string => {
  if (perSecond === null) return NONE;
  if (perSecond === 0) return '0';
  if (perSecond < 0.01) return '< 0.01 /s';
  return `${perSecond < 10 ? perSecond.toFixed(2) : Math.round(perSecond)} /s`;
};

/** A time of day, UTC: `12:03:44`. */
export const formatTime = (at: number): string => new Date(at).toISOString().slice(11, 19);
