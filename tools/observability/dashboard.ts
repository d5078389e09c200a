/** Units by Grafana's names. */
export type Unit = 's' | 'bytes' | 'percentunit' | 'reqps' | 'short' | 'dateTimeFromNow';

/** The series of one PromQL expression, and what each is called. */
export type Query = {
  readonly expr: string;
  /** With labels in braces: `{{lane}}`. */
  readonly legend: string;
};

/** A graph over time, or the newest values. */
export type Panel = {
  readonly title: string;
  /** What it shows, and what is wrong with a high value. */
  readonly description: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  readonly kind?: 'timeseries' | 'stat';
};

/** Panels below a heading. */
export type Row = { readonly title: string; readonly panels: readonly Panel[] };

export type Dashboard = {
  /** Of its address in Grafana, and the name of its file. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly Row[];
};
