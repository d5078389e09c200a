import type { Variables } from '@cartograph/command';
import type { Settings } from './settings.ts';
import type { Supervisor } from './supervisor.ts';

/** What the steps of a start share. */
export interface ShopPlan {
  /** The repository, absolute. */
  readonly root: string;
  readonly settings: Settings;
  readonly environment: Variables;
  /** An existing folder. */
  readonly logDir: string;
  readonly supervisor: Supervisor;
  readonly log: (line: string) => void;
  /** Aborted when the shop is to stop, also half-way through its start. */
  readonly signal: AbortSignal;
}
