/** The part of a client's request that is forwarded to the subgraphs. */
export type Context = {
  readonly requestId: string;
  readonly authorization: string | undefined;
  /** The client's user agent. */
  readonly device: string | undefined;
  readonly address: string;
};
