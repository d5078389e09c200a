import { describe, expect, it } from '@jest/globals';
import type { ProcessExit } from './keep-running.ts';
import { makeSupervisor } from './supervisor.ts';

const makePlan = (name: string, stopTurn: number, stopped: string[]) => ({
  name,
  stopTurn,
  start: async () => {
    const { promise: exited, resolve } = Promise.withResolvers<ProcessExit>();
    return {
      pid: 1,
      exited,
      stop: async () => {
        await new Promise((next) => setTimeout(next, 20));
        if (!stopped.includes(name)) stopped.push(name);
        resolve({ code: 0, signal: null });
      },
    };
  },
});

describe('makeSupervisor', () => {
  const options = { log: () => {}, signal: new AbortController().signal };

  it('stops those that ask before those that are asked', async () => {
    const stopped: string[] = [];
    const supervisor = makeSupervisor(options);
    await supervisor.start(makePlan('postgres', 4, stopped));
    await supervisor.start(makePlan('user', 3, stopped));
    await supervisor.start(makePlan('router', 2, stopped));
    await supervisor.start(makePlan('rest', 1, stopped));
    await supervisor.stop();
    expect(stopped).toEqual(['rest', 'router', 'user', 'postgres']);
  });

  it('waits for a start that is under way, and stops it too', async () => {
    const stopped: string[] = [];
    const supervisor = makeSupervisor(options);
    const starting = supervisor.start(makePlan('postgres', 4, stopped));
    await supervisor.stop();
    await starting;
    expect(stopped).toEqual(['postgres']);
  });

  it('does not start again a process that refuses its configuration, and passes its reason on', async () => {
    const { promise: exited, resolve } = Promise.withResolvers<ProcessExit>();
    const told: string[] = [];
    const lines: string[] = [];
    const signal = new AbortController().signal;
    const supervisor = makeSupervisor({
      log: (line) => lines.push(line),
      signal,
      onRefused: (sentence) => told.push(sentence),
    });
    let starts = 0;
    await supervisor.start({
      name: 'rest',
      stopTurn: 1,
      start: async () => {
        starts += 1;
        return { pid: 1, exited, stop: async () => {} };
      },
      describeRefusal: () => 'ROUTER_URL is not set',
    });
    expect(supervisor.refusals()).toEqual([]);
    resolve({ code: 78, signal: null });
    await exited;
    // Longer than the delay of a restart.
    await new Promise((next) => setTimeout(next, 400));
    expect([starts, lines, told]).toEqual([1, [], ['ROUTER_URL is not set']]);
    expect(supervisor.refusals()).toEqual(told);
    await supervisor.stop();
  });

  it('has nothing to stop where the start failed', async () => {
    const supervisor = makeSupervisor(options);
    const start = () => Promise.reject(new Error('no'));
    await expect(supervisor.start({ name: 'x', stopTurn: 1, start })).rejects.toThrow('no');
    await supervisor.stop();
  });
});
