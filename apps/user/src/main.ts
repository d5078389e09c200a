import { runService } from '@cartograph/http';
import { readConfig } from './config.ts';
import { makeServer } from './server.ts';

await runService({ env: process.env, readConfig, makeServer, servesLongPolls: true });
