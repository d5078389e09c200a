import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { readStatement, type Statement } from './statement.ts';
import {
  isInTransaction,
  makeMessageCutter,
  readBind,
  readFirstColumn,
  readParse,
  readQuery,
  readTag,
  type Message,
} from './wire.ts';

/** What happens at each commit of a service: the end of a transaction, or a statement alone. */
export type CommitHook = {
  /** Before a commit is sent. @returns the name of the place; null closes the connection */
  readonly before: (what: string) => string | null;
  /** Work was found, which is known only afterwards. @returns the name of the place */
  readonly found: (what: string) => string;
  /** Postgres has committed, the service does not know it yet. @returns whether to hang up */
  readonly after: (place: string) => boolean;
  /** The task of the job with this id. */
  readonly nameJob: (id: string) => Promise<string>;
  /** Called with the SQL of each statement. */
  readonly statement?: (sql: string) => void;
};

/** What a connection sends up to the next Sync. */
type Batch = { messages: Message[]; statement: Statement; jobId: string | null };

const emptyBatch = (): Batch => ({
  messages: [],
  statement: { kind: 'read', writes: [] },
  jobId: null,
});

/** The response to a batch, held back until it is complete. */
type HeldResponse = {
  /** Where it commits; null when that depends on what it finds. */
  readonly place: string | null;
  readonly statement: Statement;
  readonly messages: Message[];
};

/** The tags of statements that changed nothing, or found nothing. A writing CTE may end in a SELECT. */
const UNCHANGED = /^(UPDATE|DELETE|INSERT 0) 0$/;
const NOT_FOUND = /^(UPDATE|DELETE|INSERT 0|SELECT) 0$/;

const concat = (messages: readonly Message[]): Buffer =>
  Buffer.concat(messages.map(({ bytes }) => bytes));

const serveConnection = (client: Socket, port: number, hook: CommitHook): void => {
  const server = connect(port, '127.0.0.1').setNoDelay(true);
  client.setNoDelay(true);
  const hangUp = (): void => {
    client.destroy();
    server.destroy();
  };
  for (const socket of [client, server]) socket.on('error', hangUp).on('close', hangUp);

  const prepared = new Map<string, string>();
  let batch = emptyBatch();
  /** What the open transaction has written. */
  let written: string[] = [];
  let isOpen = false;
  let held: HeldResponse | null = null;

  const setStatement = (sql: string, values: readonly (string | null)[]): void => {
    hook.statement?.(sql);
    batch.statement = readStatement(sql, values);
    if (batch.statement.kind === 'finish job') batch.jobId = values[0] ?? null;
  };

  const read = (message: Message): void => {
    if (message.type === 'Q') setStatement(readQuery(message), []);
    if (message.type === 'P') {
      const { name, sql } = readParse(message);
      prepared.set(name, sql);
    }
    if (message.type === 'B') {
      const { name, values } = readBind(message);
      setStatement(prepared.get(name) ?? '', values);
    }
  };

  /** What this batch commits; null when it commits nothing. */
  const nameCommit = async ({ statement, jobId }: Batch): Promise<string | null> => {
    switch (statement.kind) {
      case 'commit': {
        const all = [...new Set(written)];
        written = [];
        return all.length === 0 ? null : all.join(' + ');
      }
      case 'write':
      case 'poll':
        if (isOpen) written.push(...statement.writes);
        else if (statement.kind === 'write') return statement.writes.join(' + ');
        return null;
      case 'finish job':
        return `finish ${await hook.nameJob(jobId ?? '')}`;
      case 'take job':
      case 'read':
        return null;
    }
  };

  const send = async (sent: Batch): Promise<void> => {
    const what = await nameCommit(sent);
    const place = what === null ? null : hook.before(what);
    if (what !== null && place === null) return hangUp();
    const { statement } = sent;
    const isPoll = statement.kind === 'take job' || (statement.kind === 'poll' && !isOpen);
    if (what !== null || isPoll) held = { place, statement, messages: [] };
    server.write(concat(sent.messages));
  };

  /** What a poll found; null when it found nothing. */
  const nameFound = async ({ statement, messages }: HeldResponse): Promise<string | null> => {
    const tag = messages.find(({ type }) => type === 'C');
    if (!tag || NOT_FOUND.test(readTag(tag))) return null;
    if (statement.kind === 'poll') return `poll ${statement.writes.join(' + ')}`;
    const row = messages.find(({ type }) => type === 'D');
    return row ? `take ${await hook.nameJob(readFirstColumn(row) ?? '')}` : null;
  };

  const respond = async (response: HeldResponse): Promise<void> => {
    const { place, messages } = response;
    if (place === null) {
      const found = await nameFound(response);
      if (found !== null && hook.after(hook.found(found))) return hangUp();
    } else {
      const tag = messages.find(({ type }) => type === 'C');
      const hasChanged = tag !== undefined && !UNCHANGED.test(readTag(tag));
      if (hasChanged && hook.after(place)) return hangUp();
    }
    client.write(concat(messages));
  };

  const cutClient = makeMessageCutter(true);
  let sending = Promise.resolve();
  client.on('data', (chunk: Buffer) => {
    for (const message of cutClient(chunk)) {
      batch.messages.push(message);
      read(message);
      if (message.type !== '' && 'PBDECHFfdc'.includes(message.type)) continue;
      const complete = batch;
      batch = emptyBatch();
      sending = sending.then(() => send(complete)).catch(hangUp);
    }
  });

  const cutServer = makeMessageCutter(false);
  let responding = Promise.resolve();
  server.on('data', (chunk: Buffer) => {
    for (const message of cutServer(chunk)) {
      if (message.type === 'Z') isOpen = isInTransaction(message);
      if (message.type === 'Z' && !isOpen) written = [];
      if (held === null) {
        responding = responding.then(() => void client.write(message.bytes));
        continue;
      }
      held.messages.push(message);
      if (message.type !== 'Z') continue;
      const whole = held;
      held = null;
      responding = responding.then(() => respond(whole)).catch(hangUp);
    }
  });
};

/** Stands between a service and its Postgres, and calls the hook before and after each commit. */
export const startPostgresProxy = async (databaseUrl: string, hook: CommitHook) => {
  const sockets = new Set<Socket>();
  const target = new URL(databaseUrl);
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serveConnection(socket, Number(target.port), hook);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    close: async (): Promise<void> => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
};
