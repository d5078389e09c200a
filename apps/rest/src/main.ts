import { runService } from '@cartograph/http';
import { readConfig } from './config.ts';
import { makeServer } from './server.ts';
import { addStatusRoutes } from './status/add-status-routes.ts';

await runService({
  env: process.env,
  readConfig,
  makeServer,
  addPrivateRoutes: (app, { statusTargets }) => addStatusRoutes(app, statusTargets),
});
