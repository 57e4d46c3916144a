// The line under the title: asked for while a build is under way, and the examples once there are any.
const line = element.querySelector('[role=status]');
let busy = false;
let asking = false;

async function look() {
  if (asking) return;
  asking = true;
  try {
    const found = await server.look('');
    if (line.innerHTML !== found.line) show(found.line);
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
