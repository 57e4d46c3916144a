// The map: what is asked of the server, the documents as the key to the picture, and the timeline; the picture itself is
// in sky.js, before this. Whatever comes from a document is set as text, never as HTML.
const legend = root.querySelector('.legend');
const notice = root.querySelector('.map-notice');
const search = legend.querySelector('input');
const times = root.querySelector('.times');
const MANY = 12; // documents, beyond which they can be searched
let asking = false;

// --- what is asked of the server

async function look() {
  if (asking || !canvas.isConnected || !root.offsetParent) return;
  asking = true;
  let again = false;
  try {
    const links = [...document.querySelectorAll('#chat .turn:last-child .cards a.cite')];
    const hits = links.map((link) => new URLSearchParams(link.getAttribute('href').slice(1)).get('cite'));
    const found = await server.chart({ generation: map.generation, hits });
    again = found.busy;
    if (found.busy) say(found.notice, true);
    else take(found);
  } catch (error) {
    say(root.dataset.mapFailed, false);
  } finally {
    asking = false;
  }
  if (again) setTimeout(look, 400);
}

function say(text, busy) {
  notice.textContent = text;
  notice.classList.toggle('busy', busy);
}

function take(found) {
  if (found.points) {
    map = found;
    [chosen, alone, view] = [null, new Set(), { scale: 1, x: 0, y: 0 }];
    root.querySelector('.map-body').hidden = !map.drawn;
    times.innerHTML = map.timeline;
    list();
    prepareTimes();
  }
  say(map.notice, false);
  lit = found.hits || [];
  showLit();
  size();
}

// --- the documents, which are the key to the colours and the same passages as a list

function list() {
  const items = legend.querySelector('ul');
  items.replaceChildren();
  legend.hidden = !map.documents.some((one) => one.passages);
  search.hidden = map.documents.length <= MANY;
  const own = new Map();
  map.points.forEach((point) => own.set(point[2], [...(own.get(point[2]) || []), point]));
  map.documents.forEach((one, number) => {
    const points = own.get(number);
    if (!points) return;
    const item = document.createElement('li');
    const details = document.createElement('details');
    const summary = document.createElement('summary');
    summary.append(dot(one.hue), part('name', one.name), part('count', String(one.passages)));
    if (one.path) summary.title = one.path;
    details.append(summary);
    details.addEventListener('toggle', () => {
      if (details.open && !details.querySelector('ol')) details.append(passages(points));
      alone[details.open ? 'add' : 'delete'](number);
      draw();
    });
    item.append(details);
    item.sought = `${one.name} ${one.path}`.toLowerCase();
    items.append(item);
  });
  items.querySelectorAll('.dot').forEach(paint);
}

function passages(points) {
  const found = document.createElement('ol');
  points.forEach((point) => {
    const item = document.createElement('li');
    const link = document.createElement('a');
    link.className = 'cite';
    link.href = `?cite=${point[3]}`;
    link.append(part('where', point[4]), part('words', point[5]));
    link.addEventListener('pointerenter', () => choose(point, false));
    link.addEventListener('focus', () => choose(point, false));
    item.append(link);
    found.append(item);
  });
  return found;
}

function part(name, text) {
  const span = document.createElement('span');
  span.className = name;
  span.textContent = text;
  return span;
}

function dot(hue) {
  const span = part('dot', '');
  span.dataset.hue = hue;
  return span;
}

function paint(span) {
  const own = document.createElement('canvas');
  const pixels = devicePixelRatio || 1;
  own.width = own.height = 14 * pixels;
  const to = own.getContext('2d');
  to.scale(pixels, pixels);
  outline(to, Number(span.dataset.hue), 7, 7, 5.2);
  to.fillStyle = color(Number(span.dataset.hue));
  to.fill();
  span.replaceChildren(own);
}

search.addEventListener('input', () => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  legend.querySelectorAll('ul > li').forEach((item) => {
    item.hidden = !words.every((word) => item.sought.includes(word));
  });
});

// --- what was found last, as links beside the numbers

function showLit() {
  legend.querySelectorAll('.lit').forEach((one) => one.remove());
  const found = lit.filter(Boolean);
  if (!found.length) return;
  const box = document.createElement('div');
  box.className = 'lit';
  const items = passages(found);
  [...items.children].forEach((item, number) => {
    item.firstChild.prepend(part('number', String(lit.indexOf(found[number]) + 1)), part('name', map.documents[found[number][2]].name));
  });
  items.className = 'hits';
  const title = document.createElement('h3');
  title.textContent = root.dataset.mapHits;
  box.append(title, items);
  legend.prepend(box);
}

// --- the timeline

function prepareTimes() {
  times.querySelectorAll('.dot').forEach(paint);
  const marks = [...times.querySelectorAll('.marks a')];
  marks.forEach((mark, number) => {
    mark.tabIndex = number ? -1 : 0;
    mark.dataset.tip = mark.getAttribute('aria-label');
    mark.addEventListener('keydown', (event) => {
      const next = marks[number + ({ ArrowRight: 1, ArrowLeft: -1 }[event.key] || 0)];
      if (!next || next === mark) return;
      event.preventDefault();
      [mark.tabIndex, next.tabIndex] = [-1, 0];
      next.focus();
    });
  });
}

document.addEventListener('dossier:state', ({ detail }) => { if (!detail.busy) look(); });
document.addEventListener('dossier:turns', ({ detail }) => { if (detail && detail.turns && detail.turns.some((one) => one.ended)) look(); });
new ResizeObserver(() => { if (map.generation) size(); }).observe(canvas);
new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) look(); }).observe(root);
function repaint() {
  draw();
  root.querySelectorAll('.dot').forEach(paint);
}
new MutationObserver(repaint).observe(document.body, { attributes: true, attributeFilter: ['class'] });
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);
