export { idCursors, makeKeyCursors, MAX_CURSOR_LENGTH, type CursorCodec } from './cursors.ts';
export {
  cutPage,
  DEFAULT_PAGE_SIZE,
  makeConnection,
  MAX_PAGE_SIZE,
  readPageRequest,
  showRows,
  type Connection,
  type Page,
  type PageArguments,
  type PageRequest,
} from './page.ts';
