import { InvalidArgumentError } from '@cartograph/command';

/** Reads an option that is the address of an API, without a slash at its end. */
export const readAddress = (text: string): string => {
  const url = URL.parse(text);
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  // A client that is Node's fetch sends no user and password of an address.
  if (!url || !isHttp || url.username || url.password || url.search || url.hash) {
    throw new InvalidArgumentError('It must be an address such as http://localhost:8080.');
  }
  return url.href.replace(/\/$/, '');
};

const GRAPH_PORT = '4000';

/** Where the GraphQL API of a shop is when nothing else is said: on port 4000 of the same host. */
export const graphAddressOf = (restAddress: string): string => {
  const url = new URL('/graphql', restAddress);
  url.port = GRAPH_PORT;
  return url.href;
};
