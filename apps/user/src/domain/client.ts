/** The client that sent a request, according to the router. */
export type Client = {
  /** The name that the client gives itself. */
  readonly device: string | null;
  /** Its IP address; null when the router sent none. */
  readonly address: string | null;
};
