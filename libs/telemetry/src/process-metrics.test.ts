import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scrape } from '../test/scrape.ts';
import { startTelemetry, type Telemetry } from './start-telemetry.ts';

let telemetry: Telemetry;

const valueOf = (text: string, name: string): number =>
  Number(new RegExp(`^${name}\\{[^}]*\\} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);

beforeAll(async () => {
  telemetry = await startTelemetry({ serviceName: 'test', otlpEndpoint: undefined });
});
afterAll(() => telemetry.stop());

describe('the metrics of a process', () => {
  it('show how long the event loop was blocked, and what the process uses', async () => {
    // The first checks of the event loop come after it has turned.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const end = performance.now() + 400;
    while (performance.now() < end);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { text } = await scrape(telemetry);
    expect(valueOf(text, 'nodejs_eventloop_delay_max')).toBeGreaterThan(0.3);
    expect(valueOf(text, 'nodejs_eventloop_utilization')).toBeGreaterThan(0.3);
    expect(valueOf(text, 'process_memory_usage')).toBeGreaterThan(1_000_000);
    expect(valueOf(text, 'process_uptime')).toBeGreaterThan(0);
    expect(text).toMatch(/^process_cpu_time_total\{cpu_mode="user",[^}]*\} \d/m);
  });
});
