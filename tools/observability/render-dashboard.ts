import type { Dashboard, Panel, Row } from './dashboard.ts';

/** The version of the JSON model in the Grafana of docker/compose.yaml. */
const SCHEMA_VERSION = 42;

/** As docker/grafana/provisioning/datasources has it. */
const DATASOURCE = { type: 'prometheus', uid: 'prometheus' };

/** Grafana's grid has 24 columns. */
const COLUMNS = 24;
const WIDTH = 8;
const HEIGHTS = { timeseries: 8, stat: 4 };
const HEADING_HEIGHT = 1;

const OPTIONS = {
  timeseries: {
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
  stat: {
    colorMode: 'none',
    graphMode: 'area',
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    textMode: 'auto',
  },
};

/** Only requests have exemplars: Grafana shows them on the graph of a percentile, and links to their traces. */
const hasExemplars = (expr: string): boolean =>
  expr.startsWith('histogram_quantile(') && expr.includes('http_server_request_duration_bucket');

const renderQuery = ({ expr, legend }: Panel['queries'][number], index: number) => ({
  refId: String.fromCharCode('A'.charCodeAt(0) + index),
  datasource: DATASOURCE,
  editorMode: 'code',
  expr,
  legendFormat: legend,
  range: true,
  ...(hasExemplars(expr) && { exemplar: true }),
});

const renderPanel = (panel: Panel, id: number, x: number, y: number) => {
  const { kind = 'timeseries', title, description, unit } = panel;
  return {
    id,
    type: kind,
    title,
    description,
    datasource: DATASOURCE,
    gridPos: { h: HEIGHTS[kind], w: WIDTH, x, y },
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    options: OPTIONS[kind],
    targets: panel.queries.map(renderQuery),
  };
};

const heightOf = ({ panels }: Row, line: number): number => {
  const perLine = COLUMNS / WIDTH;
  const shown = panels.slice(line * perLine, (line + 1) * perLine);
  return Math.max(...shown.map(({ kind = 'timeseries' }) => HEIGHTS[kind]));
};

/** Places the panels from left to right and from top to bottom, each row below its heading. */
const renderRows = (rows: readonly Row[]): readonly object[] => {
  const rendered: object[] = [];
  let y = 0;
  for (const row of rows) {
    rendered.push({
      id: rendered.length + 1,
      type: 'row',
      title: row.title,
      collapsed: false,
      gridPos: { h: HEADING_HEIGHT, w: COLUMNS, x: 0, y },
      panels: [],
    });
    y += HEADING_HEIGHT;
    row.panels.forEach((panel, index) => {
      const x = (index * WIDTH) % COLUMNS;
      if (index > 0 && x === 0) y += heightOf(row, index / (COLUMNS / WIDTH) - 1);
      rendered.push(renderPanel(panel, rendered.length + 1, x, y));
    });
    y += heightOf(row, Math.floor((row.panels.length - 1) / (COLUMNS / WIDTH)));
  }
  return rendered;
};

/** The JSON model of a dashboard, as Grafana provisions it. */
export const renderDashboard = ({ uid, title, description, rows }: Dashboard): object => ({
  uid,
  title,
  description,
  tags: ['cartograph'],
  schemaVersion: SCHEMA_VERSION,
  version: 1,
  editable: false,
  graphTooltip: 1,
  refresh: '30s',
  time: { from: 'now-1h', to: 'now' },
  timezone: 'browser',
  annotations: {
    list: [
      {
        name: 'Alerts',
        datasource: DATASOURCE,
        enable: true,
        expr: 'ALERTS{alertstate="firing"}',
        iconColor: 'red',
        titleFormat: '{{alertname}} {{service}}{{slo}}',
      },
    ],
  },
  links: [
    {
      title: 'Cartograph',
      type: 'dashboards',
      tags: ['cartograph'],
      asDropdown: true,
      includeVars: false,
      keepTime: true,
    },
  ],
  templating: { list: [] },
  panels: renderRows(rows),
});
