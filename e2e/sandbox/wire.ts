/** A message of Postgres's protocol, version 3. The first of a client has no type: it is ''. */
export type Message = { readonly type: string; readonly bytes: Buffer };

const LENGTH_BYTES = 4;

/**
 * Makes the function that cuts a stream into whole messages.
 * @param isClient a client's stream begins with a message that has no type
 * @see https://www.postgresql.org/docs/18/protocol-message-formats.html
 */
export const makeMessageCutter = (isClient: boolean): ((chunk: Buffer) => readonly Message[]) => {
  let rest: Buffer = Buffer.alloc(0);
  let isFirst = isClient;
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const messages: Message[] = [];
    for (;;) {
      const typeBytes = isFirst ? 0 : 1;
      if (rest.length < typeBytes + LENGTH_BYTES) return messages;
      const size = typeBytes + rest.readUInt32BE(typeBytes);
      if (rest.length < size) return messages;
      const type = isFirst ? '' : String.fromCharCode(rest[0] ?? 0);
      messages.push({ type, bytes: rest.subarray(0, size) });
      rest = rest.subarray(size);
      isFirst = false;
    }
  };
};

const HEAD = 1 + LENGTH_BYTES;

/** The text that begins at `from`, up to its zero byte, and where the next one begins. */
const readText = (bytes: Buffer, from: number): readonly [string, number] => {
  const end = bytes.indexOf(0, from);
  return [bytes.toString('utf8', from, end), end + 1];
};

/** The SQL of a Query message. */
export const readQuery = ({ bytes }: Message): string => readText(bytes, HEAD)[0];

/** The name and the SQL of a Parse message. */
export const readParse = ({ bytes }: Message): { name: string; sql: string } => {
  const [name, next] = readText(bytes, HEAD);
  return { name, sql: readText(bytes, next)[0] };
};

/** The name of the prepared statement in a Bind message, and its parameters as text; null for NULL. */
export const readBind = ({ bytes }: Message): { name: string; values: (string | null)[] } => {
  const [, afterPortal] = readText(bytes, HEAD);
  const [name, afterName] = readText(bytes, afterPortal);
  let at = afterName + 2 + 2 * bytes.readUInt16BE(afterName);
  const count = bytes.readUInt16BE(at);
  at += 2;
  const values: (string | null)[] = [];
  for (let index = 0; index < count; index += 1) {
    const size = bytes.readInt32BE(at);
    at += LENGTH_BYTES;
    values.push(size < 0 ? null : bytes.toString('utf8', at, at + size));
    at += Math.max(size, 0);
  }
  return { name, values };
};

/** The first column of a DataRow message, as text; null for NULL. */
export const readFirstColumn = ({ bytes }: Message): string | null => {
  const size = bytes.readInt32BE(HEAD + 2);
  const from = HEAD + 2 + LENGTH_BYTES;
  return size < 0 ? null : bytes.toString('utf8', from, from + size);
};

/** True when a ReadyForQuery message says that a transaction is open. */
export const isInTransaction = ({ bytes }: Message): boolean => bytes[HEAD] !== 'I'.charCodeAt(0);

/** The tag of a CommandComplete message, such as `UPDATE 1`. */
export const readTag = ({ bytes }: Message): string => readText(bytes, HEAD)[0];
