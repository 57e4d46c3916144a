// The library: search and sort are asked of the server, documents are sent to it one by one, and a rebuild is watched.
const find = (selector) => element.querySelector(selector);
const [files, summary, results, progress] = ['.files', '.summary', '.results', '.progress'].map(find);
const [search, rebuild, chooser, folder] = ['input[type=search]', '.rebuild', 'input[type=file]', 'select'].map(find);
const texts = find('.library-tools').dataset;
const wishes = { search: '', sort: 'document', descending: false };
const shown = { summary: '', editable: false, limit: 0, limit_text: '' };
let waiting = null;
let latest = 0;
let sending = Promise.resolve(); // what is sent waits for what was chosen before
let waitingToSend = 0;

async function draw(fresh) {
  const mine = ++latest;
  const found = await server.files({ ...wishes, fresh });
  if (!found || mine !== latest) return;
  const held = focused();
  files.innerHTML = found.table;
  refocus(held);
  if (found.summary !== shown.summary) {
    const open = find('.report')?.open;
    summary.innerHTML = found.summary;
    if (open && find('.report')) find('.report').open = true;
    summary.querySelectorAll('time').forEach(inOwnTime);
  }
  offer(found);
  Object.assign(shown, found);
}

// The table is drawn anew now and then; its button that had the keyboard keeps it, and no other takes it.
function focused() {
  const button = document.activeElement;
  if (!files.contains(button)) return '';
  return ['path', 'sort'].filter((key) => key in button.dataset)
    .map((key) => `[data-${key}="${CSS.escape(button.dataset[key])}"]`).join('');
}

function refocus(held) {
  if (held) files.querySelector(held)?.focus();
}

function inOwnTime(time) {
  const form = { dateStyle: 'medium', timeStyle: 'short' };
  const language = navigator.languages.find((one) => one.startsWith(texts.language)) || texts.language;
  time.textContent = new Date(time.dateTime).toLocaleString(language, form);
}

// What can be changed is offered only to those whom the server lets do it.
function offer(found) {
  find('.adding').hidden = !found.editable;
  if (!found.editable || folder.options.length) return;
  chooser.accept = found.accept;
  find('.hint').textContent = find('.hint').dataset.text.replace('{limit}', found.limit_text);
  found.folders.forEach((name) => folder.add(new Option(name, name)));
  find('.to').hidden = found.folders.length < 2;
}

search.addEventListener('input', () => {
  wishes.search = search.value;
  clearTimeout(waiting);
  waiting = setTimeout(() => draw(false), 150);
});

element.addEventListener('click', async (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  const { sort, act, path } = button.dataset;
  if (sort) {
    wishes.descending = wishes.sort === sort && !wishes.descending;
    wishes.sort = sort;
    draw(false);
  }
  if (button === rebuild) build();
  if (act === 'take_back') change({ act, path });
  if (act === 'leave_out' && await confirmed('leave', path)) change({ act, path });
  if (button.matches('.go-back')) {
    const what = `${button.querySelector('time').textContent} · ${button.dataset.held}`;
    if (await confirmed('back', what)) change({ act: 'go_back' });
  }
});

function confirmed(name, what) {
  const dialog = find(`dialog.${name}`);
  dialog.querySelector('.what').textContent = what;
  dialog.returnValue = '';
  const held = focused();
  dialog.showModal();
  return new Promise((resolve) => {
    // The event comes a little later than the closing: that of a dialog which was opened anew meanwhile says nothing.
    dialog.onclose = () => {
      if (dialog.open) return;
      if (document.activeElement === document.body) refocus(held);
      resolve(dialog.returnValue === 'yes');
    };
  });
}

async function change(asked) {
  results.replaceChildren();
  const found = await server.change(asked);
  if (!found?.done) say(found?.line || '', false);
  document.dispatchEvent(new CustomEvent('dossier:build'));
  await draw(true);
}

async function build() {
  rebuild.disabled = true;
  await server.rebuild('');
  document.dispatchEvent(new CustomEvent('dossier:build'));
}

chooser.addEventListener('change', () => {
  send([...chooser.files]);
  chooser.value = '';
});
element.addEventListener('dragover', (event) => {
  if (!shown.editable || ![...event.dataTransfer.types].includes('Files')) return;
  event.preventDefault();
  element.classList.add('dropping');
});
element.addEventListener('dragleave', (event) => {
  if (!element.contains(event.relatedTarget)) element.classList.remove('dropping');
});
element.addEventListener('drop', (event) => {
  element.classList.remove('dropping');
  if (!shown.editable) return;
  event.preventDefault();
  send([...event.dataTransfer.files]);
});

function send(chosen) {
  if (!waitingToSend) results.replaceChildren();
  waitingToSend += 1;
  sending = sending.then(() => sendNow(chosen)).catch(console.warn).finally(() => { waitingToSend -= 1; });
}

async function sendNow(chosen) {
  let added = 0;
  for (const [done, file] of chosen.entries()) {
    tell(texts.adding.replace('{name}', () => file.name), done, chosen.length);
    if (file.size > shown.limit) {
      refuse(file, texts.tooLarge.replace('{limit}', shown.limit_text));
      continue;
    }
    const found = await server.add_one({ binary: true, data: { file, folder: folder.value } });
    if (found) say(found.line, found.done); else refuse(file, texts.notSent);
    added += found?.done ? 1 : 0;
  }
  progress.textContent = '';
  if (added) await build();
}

function tell(words, done, total) {
  const label = document.createElement('label');
  const bar = Object.assign(document.createElement('progress'), { max: total, value: done });
  label.append(`${words} `, bar);
  progress.replaceChildren(label);
}

function refuse(file, reason) {
  const line = document.createElement('li');
  line.append(`${texts.notAdded.replace('{name}', () => file.name)} ${reason}`);
  line.className = 'refused';
  results.append(line);
}

function say(html, good) {
  const line = document.createElement('li');
  line.innerHTML = html;
  line.className = good ? 'taken' : 'refused';
  if (html) results.append(line);
}

function told(found) {
  if (!waitingToSend) progress.innerHTML = found.busy ? found.line : '';
  rebuild.disabled = found.busy;
  if (!found.busy) draw(true);
}
document.addEventListener('dossier:state', ({ detail }) => told(detail));
if (document.dossierState) told(document.dossierState);
