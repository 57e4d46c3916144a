// The title of the documents and the line under it: asked for while a build is under way, and the examples once there are any.
const line = element.querySelector('[role=status]');
let busy = false;
let asking = false;
let heading;
new ResizeObserver(([one]) => document.documentElement.style.setProperty('--heading', `${one.contentRect.height}px`))
  .observe(document.querySelector('#heading')); // the panes take the room that it leaves

async function look() {
  if (asking) return;
  asking = true;
  try {
    const found = await server.look('');
    if (line.innerHTML !== found.line) show(found.line);
    entitle(found);
    busy = found.busy;
    document.dossierState = found; // for whoever is drawn later
    document.dispatchEvent(new CustomEvent('dossier:state', { detail: found }));
  } catch (error) {
    busy = true; // the server may be back in a moment
  } finally {
    asking = false;
  }
  if (busy) setTimeout(look, 500);
}

// The documents may be called otherwise since the page was made.
function entitle(found) {
  if (!found.heading || found.heading === heading) return;
  heading = found.heading;
  document.title = found.title;
  const next = document.createElement('div');
  next.innerHTML = heading;
  const shown = document.querySelector('#heading h1')?.parentElement;
  if (shown && shown.textContent !== next.textContent) shown.replaceChildren(...next.childNodes);
}

// The bar stays the same element, so that it moves and does not blink.
function show(html) {
  const next = document.createElement('div');
  next.innerHTML = html;
  const [bar, other] = [line.querySelector('progress'), next.querySelector('progress')];
  if (bar && other && bar.max === other.max) {
    bar.value = other.value;
    bar.previousSibling.textContent = other.previousSibling.textContent;
  } else {
    line.innerHTML = html;
  }
}

document.addEventListener('dossier:build', () => { if (!busy) look(); });
look();
