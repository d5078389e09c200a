import net from 'node:net';
import { describeRefusal } from '../../testkit/hostile-texts.ts';

const BYTE_EVERY_MS = 250;

/** Much longer than a request may take to arrive. */
const GIVE_UP_MS = 120_000;

/**
 * Sends the beginning of a request, and then a space four times a second until the server closes the
 * connection.
 * @returns the status and code of its response; `0` without one
 */
export const trickle = async (origin: string, beginning: string): Promise<string> => {
  const { hostname, port } = new URL(origin);
  const socket = net.connect(Number(port), hostname);
  const closed = Promise.withResolvers<void>();
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  // A connection that is reset is closed, too.
  socket.on('error', () => {}).once('close', () => closed.resolve());
  socket.write(beginning);
  const sending = setInterval(() => socket.writable && socket.write(' '), BYTE_EVERY_MS);
  const givingUp = setTimeout(() => socket.destroy(), GIVE_UP_MS);
  await closed.promise;
  clearInterval(sending);
  clearTimeout(givingUp);
  return describeRefusal(Number(text.split(' ')[1] ?? 0), text);
};
