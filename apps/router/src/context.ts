/** What the router hands from a client's request to the subgraphs. */
export type Context = {
  readonly requestId: string;
  readonly authorization: string | undefined;
  /** What the client calls itself, and where it is. */
  readonly device: string | undefined;
  readonly address: string;
};
