// The conversation: its turns are drawn as the server sends them, and what is clicked in them is sent back.
const turns = element.querySelector('.turns');
const scroll = element.querySelector('.scroll');
const welcome = element.querySelector('.welcome');
const bar = element.querySelector('.bar-top');
const spoken = element.querySelector('.spoken');
const over = new Set(); // runs that were stopped or cleared away, or gave way to another

document.addEventListener('dossier:turns', ({ detail }) => {
  if (!detail) return;
  if (detail.restore) {
    restore(detail.restore);
    return;
  }
  if (detail.thumbs) {
    judged(detail);
    return;
  }
  if (detail.save) {
    save(detail.save);
    return;
  }
  if (over.has(detail.run)) return; // it was on its way already
  if (detail.over) over.add(detail.over);
  const grown = detail.start + detail.turns.length > turns.children.length;
  while (turns.children.length > detail.start + detail.turns.length) turns.lastChild.remove();
  detail.turns.forEach((turn, at) => {
    let item = turns.children[detail.start + at];
    if (!item) {
      item = document.createElement('li');
      item.className = 'turn';
      item.tabIndex = -1;
      turns.append(item);
    }
    item.toggleAttribute('data-ended', turn.ended);
    if (item.drawn !== turn.html) redraw(item, turn.html);
    item.drawn = turn.html;
    if (turn.ended && turn.spoken) spoken.textContent = turn.spoken;
  });
  welcome.hidden = turns.children.length > 0;
  bar.hidden = turns.children.length === 0;
  const last = turns.lastElementChild;
  if (last && (grown || detail.turns.length)) keepInSight(last);
});

// What a link asks comes after what was asked before, and what is asked next keeps to the same limits.
function restore(last) {
  const asked = new URLSearchParams(location.search);
  const [q, at] = [asked.get('q'), asked.get('at')];
  const shared = { q, in: asked.getAll('in'), after: asked.get('after'), before: asked.get('before') };
  if (q) history.replaceState(history.state, '', location.pathname); // it is kept from now on like any other
  document.dispatchEvent(new CustomEvent('dossier:limit', { detail: q ? shared : last }));
  trigger('input', at === null ? shared : { ...shared, at });
}

// What had the keyboard has it again once it is drawn anew, or its turn has while that is not to be seen.
function redraw(part, drawn) {
  const all = () => [...part.querySelectorAll('a, button, input, summary, textarea')];
  const at = all().indexOf(document.activeElement);
  part.innerHTML = drawn;
  if (at < 0) return;
  const again = all()[at];
  const next = again?.checkVisibility?.({ visibilityProperty: true }) ? again : part.closest('.turn');
  next.focus({ preventScroll: true });
}

// A note is asked for where there was none.
function judged(found) {
  const thumbs = turns.children[found.turn]?.querySelector('.thumbs');
  if (!thumbs) return;
  redraw(thumbs, found.thumbs);
  spoken.textContent = found.spoken;
}

// A new question stands at the top, and its answer has room to grow below it: nothing that is read moves.
function keepInSight(turn) {
  if (scroll.scrollHeight > scroll.clientHeight) {
    scroll.scrollTop += turn.getBoundingClientRect().top - scroll.getBoundingClientRect().top;
  }
}

function suggest(found) {
  const examples = element.querySelector('.examples');
  if (examples.drawn !== found.examples) examples.innerHTML = found.examples;
  examples.drawn = found.examples;
}
document.addEventListener('dossier:state', ({ detail }) => suggest(detail));
if (document.dossierState) suggest(document.dossierState);

element.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  const turn = button.closest('.turn');
  const at = turn ? [...turns.children].indexOf(turn) : turns.children.length;
  const form = turn && turn.querySelector('.edit-form');
  if (button.matches('.example')) trigger('edit', { turn: at, question: button.textContent });
  if (button.matches('.retry')) trigger('edit', { turn: at, question: form.querySelector('textarea').defaultValue });
  if (button.dataset.keep) trigger('download', { form: button.dataset.keep });
  if (button.dataset.verdict) {
    const verdict = button.ariaPressed === 'true' ? '' : button.dataset.verdict;
    trigger('like', { turn: at, verdict, note: turn.querySelector('.thumb-note input')?.value || '' });
  }
  if (button.matches('.edit')) edit(turn, true);
  if (button.matches('.cancel')) edit(turn, false);
  if (button.matches('.clear')) {
    trigger('clear');
    document.querySelector('#question textarea').focus();
  }
});

element.addEventListener('submit', (event) => {
  event.preventDefault();
  const turn = event.target.closest('.turn');
  if (event.target.matches('.thumb-note')) {
    const verdict = turn.querySelector('.thumbs [aria-pressed=true]').dataset.verdict;
    trigger('like', { turn: [...turns.children].indexOf(turn), verdict, note: event.target.elements.note.value });
    return;
  }
  const question = event.target.querySelector('textarea').value;
  edit(turn, false);
  trigger('edit', { turn: [...turns.children].indexOf(turn), question });
});

element.addEventListener('keydown', (event) => {
  if (!event.target.matches('.edit-form textarea') || event.isComposing) return; // what is being composed is not written yet
  if (event.key === 'Escape') edit(event.target.closest('.turn'), false);
  if (event.key === 'Enter' && !event.shiftKey) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});

function save(kept) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([kept.text], { type: kept.type }));
  link.download = kept.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function edit(turn, open) {
  const form = turn.querySelector('.edit-form');
  form.hidden = !open;
  turn.querySelector('.turn-head').hidden = open;
  if (open) form.querySelector('textarea').select();
  else turn.querySelector('.edit').focus();
}

// Gradio draws its buttons without a name, and anew for every question.
const asked = document.querySelector('#question');
function name() {
  for (const [kind, text] of [['.submit-button', bar.dataset.ask], ['.stop-button', bar.dataset.stop]]) {
    const button = asked.querySelector(kind);
    if (button && button.ariaLabel !== text) button.ariaLabel = text;
  }
}
if (asked) {
  new MutationObserver(name).observe(asked, { childList: true, subtree: true });
  name();
}
