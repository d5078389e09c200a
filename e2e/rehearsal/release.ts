import type { AppName, ServiceName } from '../../tools/services.ts';

/** The release before, and this version. */
export type Release = 'before' | 'now';

export type Releases = Readonly<Record<AppName, Release>>;

/** What a story and a check of its records need of a shop. */
export type ShopAccess = {
  /** Clients use those of the router and REST. */
  readonly originOf: (app: AppName) => string;
  readonly databases: readonly {
    readonly service: ServiceName;
    readonly databaseUrl: string;
  }[];
};

/** The origins of a shop in containers, of which only two can be reached. */
export const makeOriginOf =
  (origins: Readonly<Record<'router' | 'rest', string>>) =>
  (app: AppName): string => {
    if (app === 'router' || app === 'rest') return origins[app];
    throw new Error(`${app} can only be reached by other containers`);
  };

/** A shop in production mode with databases of its own, whose apps may be of different releases. */
export type ReleaseShop = ShopAccess & {
  /** Applies the migrations of a release. */
  readonly migrate: (release: Release) => Promise<void>;

  /**
   * Stops the apps that run another release, and starts them. Resolves when all apps are ready.
   * @throws when one is not, or has ended
   */
  readonly run: (releases: Releases) => Promise<void>;

  readonly stopAll: () => Promise<void>;

  /** @param keepsLogs whether logs are needed to find out what failed */
  readonly close: (keepsLogs: boolean) => Promise<void>;
};
