// What the server says of the conversation goes to whoever draws it.
watch('value', () => document.dispatchEvent(new CustomEvent('dossier:turns', { detail: props.value })));
