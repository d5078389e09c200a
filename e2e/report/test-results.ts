/** What the report reads of a test's result. */
export type TestResult = {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  /** The titles of its groups and its own, with spaces between them. */
  readonly fullName: string;
  readonly status: string;
  /** Milliseconds. */
  readonly duration?: number | null | undefined;
  readonly failureMessages: readonly string[];
};

/** A file of tests. */
export type FileResult = {
  readonly testFilePath: string;
  readonly testResults: readonly TestResult[];
  /** Of all failures in the file; also when the file itself failed. */
  readonly failureMessage?: string | null | undefined;
  readonly perfStats: { readonly start: number; readonly end: number };
};

/** A run. */
export type RunResults = {
  readonly startTime: number;
  readonly testResults: readonly FileResult[];
};
