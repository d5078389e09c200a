import { DASHBOARDS } from './dashboards.ts';

/** Every query of every dashboard, each once, with an interval in place of Grafana's variable. */
export const collectQueries = (interval = '1m'): readonly string[] => {
  const queries = DASHBOARDS.flatMap(({ rows }) =>
    rows.flatMap(({ panels }) => panels.flatMap((panel) => panel.queries)),
  );
  return [...new Set(queries.map(({ expr }) => expr.replaceAll('$__rate_interval', interval)))];
};
