/** What the report reads of a test's result, as Jest gives it to reporters. */
export type JestTest = {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly fullName: string;
  readonly status: string;
  /** Milliseconds. */
  readonly duration?: number | null | undefined;
  readonly failureMessages: readonly string[];
};

/** A file of tests. */
export type JestFile = {
  readonly testFilePath: string;
  readonly testResults: readonly JestTest[];
  /** Of all failures in the file; also when the file itself failed. */
  readonly failureMessage?: string | null | undefined;
  readonly perfStats: { readonly start: number; readonly end: number };
};

/** A run. */
export type JestResults = {
  readonly startTime: number;
  readonly testResults: readonly JestFile[];
};
