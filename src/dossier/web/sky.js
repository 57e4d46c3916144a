// The picture of the map: points, regions and numbers on a canvas; choosing one and looking closer.
const root = element.querySelector('.map');
const canvas = root.querySelector('canvas');
const tip = root.querySelector('.tip');
const opener = root.querySelector('.opener');
const spoken = root.querySelector('.spoken');
const pen = canvas.getContext('2d');
const MARGIN = 26;
const NEAR = 18;
let map = { points: [], documents: [], regions: [], generation: '' };
let lit = []; // points of the last answer, by its numbers; null where a passage is gone
let badges = []; // their numbers: where each stands, where its passage does, what it says, and the point
let chosen = null;
let alone = new Set();
let view = { scale: 1, x: 0, y: 0 };

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
  placeBadges();
  drawRegions(ink, sheet);
  badges.forEach((badge) => drawHit(badge, ink));
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
  const taken = badges.map(([x, y]) => [x - 12, y - 12, x + 12, y + 12]);
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

// The numbers of hits that lie close together stand around them, so that each can be read and clicked.
function placeBadges() {
  badges = [];
  lit.forEach((point, number) => {
    if (!point) return;
    const [x, y] = at(point);
    let place = [x, y];
    for (let turn = 0; turn < 24; turn += 1) {
      if (badges.every((other) => Math.hypot(other[0] - place[0], other[1] - place[1]) > 23)) break;
      const [angle, far] = [turn * 0.8, 18 + 2.2 * turn];
      place = [x + far * Math.cos(angle), y + far * Math.sin(angle)];
    }
    place = place.map((one, axis) => Math.min(Math.max(one, 13), (axis ? canvas.clientHeight : canvas.clientWidth) - 13));
    badges.push([...place, x, y, String(number + 1), point]);
  });
}

function drawHit([x, y, fromX, fromY, number], ink) {
  pen.lineWidth = 1.5;
  pen.strokeStyle = ink;
  pen.beginPath();
  pen.moveTo(fromX, fromY);
  pen.lineTo(x, y);
  pen.stroke();
  pen.beginPath();
  pen.arc(x, y, 10.5, 0, 2 * Math.PI);
  pen.fillStyle = getComputedStyle(root).getPropertyValue('--lit');
  pen.fill();
  pen.stroke();
  pen.font = `700 12px ${getComputedStyle(root).fontFamily}`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillStyle = '#1c1917'; // on yellow, in the dark too
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
    tip.style.top = `${below ? y + 26 : y - tip.offsetHeight - 26}px`;
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
  const badge = badges.find((one) => Math.hypot(one[0] - x, one[1] - y) < 12);
  if (badge) return badge[5];
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

