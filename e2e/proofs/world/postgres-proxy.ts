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

/** Somebody who is asked at each commit of a service, and may kill it there. */
export type CommitWatch = {
  /** A commit is about to be sent. @returns the name of the place, and whether the service is dead */
  readonly before: (what: string) => { readonly place: string; readonly isDead: boolean };
  /** A job was taken, which is known only when it is done. @returns the name of the place */
  readonly taken: (job: string) => string;
  /** Postgres has committed, and nobody knows it. @returns whether the service is dead */
  readonly after: (place: string) => boolean;
  /** What the job of this id does. */
  readonly nameJob: (id: string) => Promise<string>;
};

/** What one connection has sent and not been answered yet. */
type Turn = { messages: Message[]; statement: Statement; jobId: string | null };

const emptyTurn = (): Turn => ({
  messages: [],
  statement: { kind: 'read', writes: [] },
  jobId: null,
});

const isEnd = (type: string): boolean => type === 'S' || type === 'Q';

const serveConnection = (client: Socket, port: number, watch: CommitWatch): void => {
  const server = connect(port, '127.0.0.1').setNoDelay(true);
  client.setNoDelay(true);
  const hangUp = (): void => {
    client.destroy();
    server.destroy();
  };
  for (const socket of [client, server]) socket.on('error', hangUp).on('close', hangUp);

  const prepared = new Map<string, string>();
  let turn = emptyTurn();
  let written: string[] = [];
  let isOpen = false;
  /** The answer that is held back until Postgres has said all of it. */
  let held: { place: string | null; messages: Message[]; jobId: string | null } | null = null;

  const read = (message: Message): void => {
    if (message.type === 'Q') turn.statement = readStatement(readQuery(message), []);
    if (message.type === 'P') {
      const { name, sql } = readParse(message);
      prepared.set(name, sql);
    }
    if (message.type === 'B') {
      const { name, values } = readBind(message);
      turn.statement = readStatement(prepared.get(name) ?? '', values);
      if (turn.statement.kind === 'finish job') turn.jobId = values[0] ?? null;
    }
  };

  /** What is committed when this turn is sent; null when nothing is. */
  const nameCommit = async ({ statement, jobId }: Turn): Promise<string | null> => {
    switch (statement.kind) {
      case 'commit': {
        const all = [...new Set(written)];
        written = [];
        return all.length === 0 ? null : all.join(' + ');
      }
      case 'write':
        if (!isOpen) return statement.writes.join(' + ');
        written.push(...statement.writes);
        return null;
      case 'finish job':
        return `finish ${await watch.nameJob(jobId ?? '')}`;
      case 'take job':
      case 'read':
        return null;
    }
  };

  const send = async (sent: Turn): Promise<void> => {
    const bytes = Buffer.concat(sent.messages.map((message) => message.bytes));
    const what = await nameCommit(sent);
    if (what !== null) {
      const { place, isDead } = watch.before(what);
      if (isDead) return hangUp();
      held = { place, messages: [], jobId: null };
    } else if (sent.statement.kind === 'take job')
      held = { place: null, messages: [], jobId: null };
    server.write(bytes);
  };

  const answer = async (whole: NonNullable<typeof held>): Promise<void> => {
    let { place } = whole;
    const isRow = whole.messages.find((message) => message.type === 'D');
    const tag = whole.messages.find((message) => message.type === 'C');
    let isDone = tag !== undefined && !/^(UPDATE|DELETE|INSERT 0) 0$/.test(readTag(tag));
    if (place === null && isRow) {
      // A job was taken: only now is it known which.
      const job = await watch.nameJob(readFirstColumn(isRow) ?? '');
      place = watch.taken(job);
      isDone = true;
    }
    if (place !== null && isDone && watch.after(place)) return hangUp();
    client.write(Buffer.concat(whole.messages.map((message) => message.bytes)));
  };

  const cutClient = makeMessageCutter(true);
  let sending = Promise.resolve();
  client.on('data', (chunk: Buffer) => {
    for (const message of cutClient(chunk)) {
      turn.messages.push(message);
      read(message);
      if (message.type !== '' && !isEnd(message.type) && 'PBDECHFfdc'.includes(message.type)) {
        continue;
      }
      const complete = turn;
      turn = emptyTurn();
      sending = sending.then(() => send(complete)).catch(hangUp);
    }
  });

  const cutServer = makeMessageCutter(false);
  let answering = Promise.resolve();
  server.on('data', (chunk: Buffer) => {
    for (const message of cutServer(chunk)) {
      if (message.type === 'Z') isOpen = isInTransaction(message);
      if (message.type === 'Z' && !isOpen) written = [];
      if (held === null) {
        answering = answering.then(() => void client.write(message.bytes));
        continue;
      }
      held.messages.push(message);
      if (message.type !== 'Z') continue;
      const whole = held;
      held = null;
      answering = answering.then(() => answer(whole)).catch(hangUp);
    }
  });
};

/** Stands between a service and its Postgres, and sees each commit before and after it happens. */
export const startPostgresProxy = async (databaseUrl: string, watch: CommitWatch) => {
  const sockets = new Set<Socket>();
  const target = new URL(databaseUrl);
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serveConnection(socket, Number(target.port), watch);
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
