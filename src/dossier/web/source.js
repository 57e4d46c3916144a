// The source panel: opens what is cited anywhere on the page, steps through the passages of an answer, and copies.
const holder = element.querySelector('.holder');
let hits = [];
let at = 0;
let opener = null;
const calm = matchMedia('(prefers-reduced-motion: reduce)');

document.addEventListener('click', (event) => {
  const link = event.target.closest('a.cite');
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    const turn = link.closest('.turn');
    const list = turn ? turn.querySelector('.cards') : link.closest('ol');
    const found = list ? [...list.querySelectorAll('a.cite')].map(addressOf) : [];
    hits = found.length ? found : [addressOf(link)];
    at = Math.max(hits.indexOf(addressOf(link)), 0);
    opener = link;
    open(true);
  }
  const copied = event.target.closest('[data-copy], [data-link]');
  if (copied) copy(copied);
});

element.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  if (button.dataset.step) step(Number(button.dataset.step));
  if (button.dataset.view) view(button.dataset.view);
  if (button.matches('.back') && opener) {
    const link = opening();
    link.scrollIntoView({ block: 'center', behavior: calm.matches ? 'auto' : 'smooth' });
    link.focus({ preventScroll: true });
  }
});

element.addEventListener('keydown', (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.matches('input, textarea')) return;
  if (event.key === 'n' || event.key === 'p') step(event.key === 'n' ? 1 : -1);
  if (event.key === 'Escape' && opener) opening().focus();
});

// What opened the panel, or the same link in what has been drawn in its place.
function opening() {
  if (!opener.isConnected) {
    const same = [...document.querySelectorAll('#chat a.cite')].filter((link) => addressOf(link) === addressOf(opener));
    opener = same.at(-1) || opener;
  }
  return opener;
}

function addressOf(link) {
  return new URLSearchParams(link.getAttribute('href').slice(1)).get('cite');
}

function step(by) {
  if (hits.length < 2) return;
  at = (at + by + hits.length) % hits.length;
  open(false, by);
}

async function open(focus, by) {
  const wanted = hits[at];
  const html = await server.show([wanted, ...hits.filter((other) => other !== wanted)]);
  if (wanted !== hits[at] || html === undefined) return; // another was asked for meanwhile, or there is no server
  holder.innerHTML = html;
  document.querySelectorAll('.cited').forEach((other) => other.classList.remove('cited'));
  document.querySelectorAll('a.cite').forEach((link) => {
    if (addressOf(link) === wanted) (link.closest('.card') || link).classList.add('cited');
  });
  const steps = holder.querySelector('.steps');
  if (steps) {
    steps.hidden = !opener;
    steps.classList.toggle('alone', hits.length < 2);
    steps.querySelector('.step').textContent = `${at + 1} / ${hits.length}`;
    const again = by && steps.querySelector(`[data-step="${by}"]`);
    if (again) again.focus();
  }
  const article = holder.querySelector('.source');
  if (article && focus) article.focus({ preventScroll: true });
  if (matchMedia('(max-width: 900px)').matches) {
    element.scrollIntoView({ behavior: calm.matches ? 'auto' : 'smooth' });
  }
  show(holder.querySelector('mark strong'), holder.querySelector('.document'));
}

function show(mark, pane) {
  if (!mark) return;
  pane.scrollTop += mark.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 3;
}

// Where the panel becomes wider or narrower, the sentence stays in sight.
let width = 0;
new ResizeObserver(() => {
  const changed = width && holder.clientWidth && holder.clientWidth !== width;
  width = holder.clientWidth || width;
  if (changed) show(holder.querySelector('mark strong'), holder.querySelector('.document'));
}).observe(holder);

async function view(name) {
  holder.querySelectorAll('[data-view]').forEach((button) => {
    button.setAttribute('aria-pressed', String(button.dataset.view === name));
  });
  const [text, page] = [holder.querySelector('.document'), holder.querySelector('.facsimile')];
  text.hidden = name === 'facsimile';
  page.hidden = name !== 'facsimile';
  if (name !== 'facsimile' || page.drawn) return;
  page.drawn = true;
  const drawn = await server.draw(hits[at]);
  page.drawn = Boolean(drawn?.includes('<figure'));
  page.innerHTML = drawn || '';
  show(page.querySelector('.line'), page);
}

async function copy(button) {
  const text = button.dataset.copy || new URL(button.dataset.link, location.href.split(/[?#]/)[0]).href;
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) { // no secure context, as on another machine of one's own network
    const field = document.createElement('textarea');
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand('copy');
    field.remove();
    button.focus();
  }
  const said = document.querySelector('#source').dataset.copied || '✓';
  button.dataset.done = said;
  setTimeout(() => delete button.dataset.done, 1600);
}

// A link to a citation opens it, as soon as there is an index.
const linked = new URLSearchParams(location.search).get('cite');
if (linked) {
  const ready = () => {
    const found = document.dossierState;
    if (!found || (found.busy && !found.examples)) return;
    document.removeEventListener('dossier:state', ready);
    hits = [linked];
    at = 0;
    open(false);
  };
  document.addEventListener('dossier:state', ready);
  ready();
}
