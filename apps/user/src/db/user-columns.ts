/** The columns of an account that leave the database with it: never the hash. */
export const USER_COLUMNS = {
  id: true,
  email: true,
  name: true,
  role: true,
  createdAt: true,
  updatedAt: true,
} as const;
