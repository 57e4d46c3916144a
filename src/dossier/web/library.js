// The library: search and sort are asked of the server; a rebuild is watched until it has ended.
const files = element.querySelector('.files');
const search = element.querySelector('input');
const rebuild = element.querySelector('.rebuild');
const progress = element.querySelector('.progress');
const wishes = { search: '', sort: 'document', descending: false };
let waiting = null;
let latest = 0;

async function draw(fresh) {
  const mine = ++latest;
  const html = await server.files({ ...wishes, fresh });
  if (mine === latest) files.innerHTML = html;
}

search.addEventListener('input', () => {
  wishes.search = search.value;
  clearTimeout(waiting);
  waiting = setTimeout(() => draw(false), 150);
});

element.addEventListener('click', async (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  if (button.dataset.sort) {
    wishes.descending = wishes.sort === button.dataset.sort && !wishes.descending;
    wishes.sort = button.dataset.sort;
    await draw(false);
    element.querySelector(`[data-sort="${wishes.sort}"]`).focus();
  }
  if (button === rebuild) {
    rebuild.disabled = true;
    await server.rebuild('');
    document.dispatchEvent(new CustomEvent('dossier:build'));
  }
});

function told(found) {
  progress.innerHTML = found.busy ? found.line : '';
  rebuild.disabled = found.busy;
  if (!found.busy) draw(true);
}
document.addEventListener('dossier:state', ({ detail }) => told(detail));
if (document.dossierState) told(document.dossierState);
