// What questions are limited to: documents and dates, out of the way until they are wanted.
const toggle = element.querySelector('.toggle');
const panel = element.querySelector('.panel');
const chips = element.querySelector('.chips');
const places = element.querySelector('datalist');
const field = panel.elements.in;
const unknown = element.querySelector('.warning');
const remove = panel.querySelector('[data-remove]').dataset.remove;
let documents = [];
let typed = 0;
let taking = null;

function open(wanted) {
  panel.hidden = !wanted;
  toggle.setAttribute('aria-expanded', wanted);
  if (wanted) {
    suggest();
    field.focus();
  }
}

function tell() {
  const limits = { in: documents, after: date('after'), before: date('before') };
  chips.replaceChildren(
    ...documents.map((path) => chip(path, path, () => { documents = documents.filter((one) => one !== path); })),
    ...['after', 'before'].filter((name) => limits[name]).map((name) => {
      const label = panel.elements[name].labels[0].textContent.trim();
      return chip(`${label} ${limits[name]}`, name, () => { panel.elements[name].value = ''; });
    }),
  );
  document.dispatchEvent(new CustomEvent('dossier:limits', { detail: limits }));
}

function date(name) {
  const box = panel.elements[name];
  const right = box.checkValidity();
  box.setAttribute('aria-invalid', !right);
  return right ? box.value.trim() : '';
}

function chip(text, key, drop) {
  const item = document.createElement('li');
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = text;
  button.ariaLabel = remove.replace('{limit}', text);
  button.addEventListener('click', () => {
    drop();
    tell();
    (chips.querySelector('button') || toggle).focus();
  });
  item.append(button);
  return item;
}

async function suggest() {
  const now = ++typed;
  const found = await server.suggest(field.value);
  if (now === typed) places.innerHTML = found.html;
  return found.known;
}

// A name is taken once it is one: chosen from the list, or typed and left. Of any other it is said that it is none.
function take() {
  taking ??= taken().finally(() => { taking = null; }); // whoever leaves by a button takes it twice
  return taking;
}

async function taken() {
  const path = field.value.trim();
  const known = !path || (await suggest());
  if (field.value.trim() !== path) return false;
  field.setCustomValidity(known ? '' : field.dataset.unknown);
  field.setAttribute('aria-invalid', !known);
  unknown.textContent = known ? '' : `${path}: ${field.dataset.unknown}`;
  if (!known) return false;
  if (path && !documents.includes(path)) documents = [...documents, path];
  field.value = '';
  tell();
  return true;
}

toggle.addEventListener('click', () => open(panel.hidden));
field.addEventListener('input', (event) => {
  field.setCustomValidity('');
  field.removeAttribute('aria-invalid');
  unknown.textContent = '';
  const chosen = !event.inputType || event.inputType === 'insertReplacementText';
  if (chosen && [...places.options].some((option) => option.value === field.value)) take();
  else suggest();
});
field.addEventListener('change', take);
for (const name of ['after', 'before']) panel.elements[name].addEventListener('change', tell);
panel.addEventListener('submit', async (event) => {
  event.preventDefault();
  const more = document.activeElement === field && field.value.trim();
  if (!(await take())) field.reportValidity();
  else if (!more) {
    open(false);
    document.querySelector('#question textarea').focus();
  }
});
panel.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  open(false);
  toggle.focus();
});
document.addEventListener('click', (event) => {
  if (!panel.hidden && event.isTrusted && !element.contains(event.target)) open(false);
});
// A conversation that is opened again goes on within the limits it had.
document.addEventListener('dossier:limit', ({ detail }) => {
  documents = Array.isArray(detail.in) ? detail.in : [];
  for (const name of ['after', 'before']) panel.elements[name].value = detail[name] || '';
  tell();
});
