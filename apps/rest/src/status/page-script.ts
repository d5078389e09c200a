/**
 * Renews the page while its box is checked and it is seen. Without scripts the page works as well, and
 * is renewed by its reader.
 */
export const SCRIPT = `
const box = document.querySelector('#refresh');
const note = document.querySelector('#note');
box.closest('label').hidden = false;
setInterval(async () => {
  if (!box.checked || document.hidden) return;
  try {
    const response = await fetch(location.href);
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const main = page.querySelector('main');
    if (!response.ok || !main) throw new Error();
    document.querySelector('main').replaceWith(main);
    document.title = page.title;
    note.hidden = true;
  } catch {
    note.hidden = false;
  }
}, 10000);
`;
