// The map: passages as points, drawn by ourselves; whatever comes from a document is set as text, never as HTML.
const root = element.querySelector('.map');
const canvas = root.querySelector('canvas');
const notice = root.querySelector('.map-notice');
const tip = root.querySelector('.tip');
const legend = root.querySelector('.legend');
const search = legend.querySelector('input');
const times = root.querySelector('.times');
const opener = root.querySelector('.opener');
const spoken = root.querySelector('.spoken');
const pen = canvas.getContext('2d');
const MARGIN = 26;
const NEAR = 18;
const MANY = 12; // documents, beyond which they can be searched
let map = { points: [], documents: [], regions: [], generation: '' };
let lit = []; // points of the last answer, by its numbers; null where a passage is gone
let chosen = null;
let alone = new Set();
let view = { scale: 1, x: 0, y: 0 };
let asking = false;

// Each document's points have a shape of their own too: nobody need tell the colours apart.
function corners(count, turned, inner) {
  return Array.from({ length: inner ? 2 * count : count }, (_, at) => {
    const angle = turned + (at * Math.PI) / (inner ? count : count / 2);
    const far = inner && at % 2 ? inner : 1;
    return [far * Math.cos(angle), far * Math.sin(angle)];
  });
}
const UP = -Math.PI / 2;
const SHAPES = [null, corners(4, Math.PI / 4), corners(3, UP), corners(4, 0), corners(3, -UP), corners(4, 0, 0.35),
  corners(6, 0), corners(5, UP, 0.45)];

function outline(to, hue, x, y, size) {
  const shape = SHAPES[hue] || null;
  to.beginPath();
  if (!shape) to.arc(x, y, size * 0.85, 0, 2 * Math.PI);
  else shape.forEach(([dx, dy], at) => to[at ? 'lineTo' : 'moveTo'](x + size * 1.1 * dx, y + size * 1.1 * dy));
  to.closePath();
}

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
    root.querySelector('.map-body').hidden = !map.points.length;
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

// --- drawing

function color(hue) {
  const name = hue >= 0 ? `--hue-${hue}` : '--hue-rest';
  return getComputedStyle(root).getPropertyValue(name).trim();
}

function size() {
  const box = canvas.getBoundingClientRect();
  if (!box.width) return;
  const pixels = devicePixelRatio || 1;
  canvas.width = Math.round(box.width * pixels);
  canvas.height = Math.round(box.height * pixels);
  pen.setTransform(pixels, 0, 0, pixels, 0, 0);
  draw();
}

function at([x, y]) {
  const [wide, high] = [canvas.clientWidth, canvas.clientHeight];
  return [
    (x - 0.5) * (wide - 2 * MARGIN) * view.scale + wide / 2 + view.x,
    (y - 0.5) * (high - 2 * MARGIN) * view.scale + high / 2 + view.y,
  ];
}

function shown(point) {
  return !alone.size || alone.has(point[2]);
}

function draw() {
  const [wide, high] = [canvas.clientWidth, canvas.clientHeight];
  pen.clearRect(0, 0, wide, high);
  const hues = Object.fromEntries([-1, ...SHAPES.keys()].map((hue) => [hue, color(hue)]));
  const ink = getComputedStyle(root).getPropertyValue('--ink');
  const sheet = getComputedStyle(root).getPropertyValue('--sheet');
  const radius = (map.points.length > 1500 ? 2.6 : map.points.length > 400 ? 3.6 : 5) * Math.sqrt(view.scale);
  for (const front of [false, true]) {
    for (const point of map.points) {
      const hue = map.documents[point[2]].hue;
      if (shown(point) !== front) continue;
      outline(pen, hue, ...at(point), radius);
      pen.globalAlpha = front ? 0.92 : 0.13;
      pen.fillStyle = hues[hue];
      pen.fill();
    }
  }
  pen.globalAlpha = 1;
  drawRegions(ink, sheet);
  lit.forEach((point, number) => { if (point) drawHit(at(point), String(number + 1), ink, sheet); });
  if (chosen) {
    outline(pen, map.documents[chosen[2]].hue, ...at(chosen), radius + 2);
    pen.fillStyle = hues[map.documents[chosen[2]].hue];
    pen.fill();
    pen.beginPath();
    pen.arc(...at(chosen), radius + 7, 0, 2 * Math.PI);
    pen.lineWidth = 2.5;
    pen.strokeStyle = ink;
    pen.stroke();
  }
}

function drawRegions(ink, sheet) {
  pen.font = `600 13px ${getComputedStyle(root).fontFamily}`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.lineJoin = 'round';
  const taken = [];
  for (const [x, y, words] of map.regions) {
    const half = pen.measureText(words).width / 2;
    const [left, top] = at([x, y]);
    const middle = Math.min(Math.max(left, half + 6), canvas.clientWidth - half - 6);
    const box = [middle - half, top - 10, middle + half, top + 10];
    if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
    taken.push(box);
    pen.lineWidth = 5;
    pen.strokeStyle = sheet;
    pen.globalAlpha = 0.88;
    pen.strokeText(words, middle, top);
    pen.globalAlpha = 1;
    pen.fillStyle = ink;
    pen.fillText(words, middle, top);
  }
}

function drawHit([x, y], number, ink, sheet) {
  pen.beginPath();
  pen.arc(x, y, 11, 0, 2 * Math.PI);
  pen.fillStyle = getComputedStyle(root).getPropertyValue('--lit');
  pen.fill();
  pen.lineWidth = 1.5;
  pen.strokeStyle = ink;
  pen.stroke();
  pen.font = `700 12px ${getComputedStyle(root).fontFamily}`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillStyle = '#1c1917';
  pen.fillText(number, x, y + 0.5);
}

// --- looking closer, choosing and opening

function choose(point, heard) {
  chosen = point;
  tip.hidden = !point;
  if (point) {
    const number = lit.indexOf(point) + 1;
    const name = map.documents[point[2]].name;
    tip.replaceChildren(part('name', number ? `[${number}] ${name}` : name), part('where', point[4]), part('words', point[5]));
    const [x, y] = at(point);
    const below = y < canvas.clientHeight / 2;
    tip.style.left = `${Math.min(Math.max(x - tip.offsetWidth / 2, 4), canvas.clientWidth - tip.offsetWidth - 4)}px`;
    tip.style.top = `${below ? y + 18 : y - tip.offsetHeight - 18}px`;
    if (heard) spoken.textContent = [...tip.children].map((one) => one.textContent).join('. ');
  }
  draw();
}

function open(point) {
  opener.href = `?cite=${point[3]}`;
  opener.click();
}
opener.addEventListener('focus', () => canvas.focus({ preventScroll: true }));

function points() {
  return [...lit.filter(Boolean), ...map.points.filter(shown)];
}

function nearest(x, y) {
  let [best, least] = [null, NEAR];
  for (const point of points()) {
    const [left, top] = at(point);
    const far = Math.hypot(left - x, top - y);
    if (far < least) [best, least] = [point, far];
  }
  return best;
}

// The next point in a direction: what lies aside counts as three times as far.
function neighbour([dx, dy]) {
  const [x, y] = at(chosen);
  let [best, least] = [chosen, Infinity];
  for (const point of points()) {
    const [left, top] = at(point);
    const ahead = (left - x) * dx + (top - y) * dy;
    const aside = Math.abs((left - x) * dy) + Math.abs((top - y) * dx);
    if (ahead > 0.5 && ahead + 3 * aside < least && point !== chosen) [best, least] = [point, ahead + 3 * aside];
  }
  return best;
}

function zoom(by, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) {
  const scale = by ? Math.min(Math.max(view.scale * by, 1), 40) : 1;
  const [left, top] = [x - canvas.clientWidth / 2, y - canvas.clientHeight / 2];
  const grown = scale / view.scale;
  view = { scale, x: left - (left - view.x) * grown, y: top - (top - view.y) * grown };
  if (scale === 1) view = { scale, x: 0, y: 0 };
  choose(null);
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
canvas.addEventListener('keydown', (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || !map.points.length) return;
  const numbered = lit[Number(event.key) - 1];
  if (ARROWS[event.key]) choose(chosen ? neighbour(ARROWS[event.key]) : points()[0], true);
  else if (numbered) choose(numbered, true);
  else if ((event.key === 'Enter' || event.key === ' ') && chosen) open(chosen);
  else if (event.key === 'Escape') choose(null);
  else if (event.key === '+' || event.key === '-' || event.key === '0') zoom({ '+': 1.5, '-': 1 / 1.5, 0: 0 }[event.key]);
  else return;
  event.preventDefault();
});
canvas.addEventListener('focus', () => { if (!chosen && canvas.matches(':focus-visible') && points().length) choose(points()[0], true); });

let drag = null;
canvas.addEventListener('pointerdown', (event) => {
  drag = { x: event.clientX, y: event.clientY, from: view, moved: false };
  if (view.scale > 1) canvas.setPointerCapture(event.pointerId);
});
canvas.addEventListener('pointermove', (event) => {
  if (drag && event.buttons && view.scale > 1) {
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    drag.moved = drag.moved || Math.hypot(dx, dy) > 4;
    view = { ...view, x: drag.from.x + dx, y: drag.from.y + dy };
    choose(null);
    return;
  }
  const found = nearest(event.offsetX, event.offsetY);
  canvas.style.cursor = found ? 'pointer' : view.scale > 1 ? 'grab' : 'default';
  if (found !== chosen) choose(found, false);
});
canvas.addEventListener('click', (event) => {
  const found = drag && drag.moved ? null : nearest(event.offsetX, event.offsetY);
  drag = null;
  if (!found) return;
  choose(found, false);
  open(found);
});
canvas.addEventListener('pointerleave', (event) => { if (event.pointerType === 'mouse') choose(null); });
canvas.addEventListener('wheel', (event) => {
  if (!event.ctrlKey && !event.metaKey) return; // the page scrolls
  event.preventDefault();
  zoom(Math.exp(-event.deltaY / 200), event.offsetX, event.offsetY);
}, { passive: false });
root.addEventListener('click', (event) => {
  const button = event.target.closest('[data-zoom]');
  if (button) zoom(Number(button.dataset.zoom));
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
