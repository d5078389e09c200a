import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '@cartograph/testing';

/** A page of a browser without a window. */
export type Browser = {
  /** Opens an address, and waits until the page has loaded. */
  readonly open: (url: string, size: { width: number; height: number }) => Promise<void>;
  /** Evaluates an expression in the page. */
  readonly evaluate: (expression: string) => Promise<unknown>;
  /** What the page wrote as an error, and what it could not load. */
  readonly errors: readonly string[];
  readonly close: () => Promise<void>;
};

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** @returns null when none is installed */
export const findBrowser = async (): Promise<string | null> => {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  for (const file of NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name)))) {
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return null;
};

type Message = {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
};

/** The error that an event of the page tells of. */
const readError = ({ method, params = {} }: Message): string | null => {
  if (method === 'Runtime.exceptionThrown') return JSON.stringify(params['exceptionDetails']);
  if (method === 'Runtime.consoleAPICalled' && params['type'] === 'error') {
    return JSON.stringify(params['args']);
  }
  const entry = params['entry'] as { level: string; text: string; url?: string } | undefined;
  const isError = method === 'Log.entryAdded' && entry?.level === 'error';
  return isError ? `${entry.text} ${entry.url ?? ''}` : null;
};

/** Speaks the DevTools protocol with one page. */
const connect = async (address: string) => {
  const socket = new WebSocket(address);
  await once(socket, 'open');
  const waiting = new Map<number, (message: Message) => void>();
  const errors: string[] = [];
  let sent = 0;
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.id !== undefined) waiting.get(message.id)?.(message);
    const error = readError(message);
    if (error !== null) errors.push(error);
  });
  const call = async (method: string, params: object = {}) => {
    const id = (sent += 1);
    const { promise, resolve } = Promise.withResolvers<Message>();
    waiting.set(id, resolve);
    socket.send(JSON.stringify({ id, method, params }));
    const { result, error } = await promise;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  };
  return { call, errors, close: () => socket.close() };
};

/** Starts the browser, with a profile of its own. */
export const openBrowser = async (file: string): Promise<Browser> => {
  const profile = await mkdtemp(path.join(tmpdir(), 'browser-'));
  const words = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run'];
  const own = [`--user-data-dir=${profile}`, '--remote-debugging-port=0', 'about:blank'];
  const child = spawn(file, [...words, ...own], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  const port = await eventually(async () => {
    const [first = ''] = (await readFile(path.join(profile, 'DevToolsActivePort'), 'utf8')).split(
      '\n',
    );
    return first;
  });
  const page = await eventually(async () => {
    const targets = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as {
      type: string;
      webSocketDebuggerUrl: string;
    }[];
    const found = targets.find(({ type }) => type === 'page');
    if (!found) throw new Error('the browser has no page');
    return found;
  });
  const { call, errors, close } = await connect(page.webSocketDebuggerUrl);
  for (const domain of ['Page', 'Runtime', 'Log']) await call(`${domain}.enable`);
  const evaluate = async (expression: string): Promise<unknown> => {
    const { result } = await call('Runtime.evaluate', { expression, returnByValue: true });
    return (result as { value?: unknown }).value;
  };
  return {
    evaluate,
    errors,
    open: async (url, size) => {
      const device = { ...size, deviceScaleFactor: 1, mobile: size.width < 600 };
      await call('Emulation.setDeviceMetricsOverride', device);
      await call('Page.navigate', { url });
      await eventually(async () => {
        const state = await evaluate('location.href + " " + document.readyState');
        if (state !== `${url} complete`) throw new Error(`the page is ${String(state)}`);
      });
    },
    close: async () => {
      close();
      child.kill('SIGKILL');
      await exited;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
