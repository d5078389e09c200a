import { afterAll } from 'vitest';
import { signOutAll } from './sign-out.ts';

// In each file of tests, when the shop is a remote one: that keeps what they leave.
afterAll(() => {
  // These requests belong to no test.
  delete process.env['E2E_RECORD'];
  return signOutAll();
});
