export { idCursors } from './id-cursor.ts';
export { makeKeyCursors } from './key-cursor.ts';
export {
  cutPage,
  DEFAULT_PAGE_SIZE,
  makeConnection,
  MAX_CURSOR_LENGTH,
  MAX_PAGE_SIZE,
  readPageRequest,
  showRows,
  type Connection,
  type CursorCodec,
  type Page,
  type PageRequest,
} from './page.ts';
export {
  makeTwoWayConnection,
  readTwoWayPageRequest,
  type TwoWayPageArguments,
  type TwoWayPageRequest,
} from './two-way-page.ts';
