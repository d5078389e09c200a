import { afterAll } from '@jest/globals';
import { signOutAll } from './sign-out.ts';

// In each file of tests, when the shop is a remote one: that keeps what they leave.
afterAll(() => {
  // Jest still has the name of the last test, which did not send these requests.
  delete process.env['E2E_RECORD'];
  return signOutAll();
});
